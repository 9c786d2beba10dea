package io.eksnet.web;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Debian's Chromium with one page, driven over the DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 60;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger numbers = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  Chromium(Path directory) throws Exception {
    process =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + directory,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("chromium.log").toFile())
            .start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(page(directory), new Messages())
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    for (var domain : List.of("Page", "Runtime", "Log")) {
      command(domain + ".enable", new JsonObject());
    }
  }

  /** What the console, the page or its policy complained of. */
  List<String> complaints() {
    return complaints;
  }

  void look(int width, boolean dark) {
    command(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject()
            .put("width", width)
            .put("height", 900)
            .put("deviceScaleFactor", 1)
            .put("mobile", width < 600));
    var scheme =
        new JsonObject().put("name", "prefers-color-scheme").put("value", dark ? "dark" : "light");
    command(
        "Emulation.setEmulatedMedia",
        new JsonObject().put("features", new JsonArray().add(scheme)));
  }

  void open(URI address) {
    command("Page.navigate", new JsonObject().put("url", address.toString()));
    await("document.readyState === 'complete' && location.href === '" + address + "'");
  }

  /** The value of an expression, of a promise when it is kept. */
  @Nullable Object evaluate(String expression) {
    var answer =
        command(
            "Runtime.evaluate",
            new JsonObject()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (answer.containsKey("exceptionDetails")) {
      throw new IllegalStateException(answer.encodePrettily());
    }
    return answer.getJsonObject("result").getValue("value");
  }

  String text(String expression) {
    return String.valueOf(evaluate(expression));
  }

  /** Waits until an expression is true in the page. */
  void await(String expression) {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!Boolean.TRUE.equals(evaluate(expression))) {
      if (System.nanoTime() > until) {
        throw new IllegalStateException("never true: " + expression);
      }
      Thread.onSpinWait();
    }
  }

  void key(String key, int code) {
    for (var type : List.of("keyDown", "keyUp")) {
      command(
          "Input.dispatchKeyEvent",
          new JsonObject()
              .put("type", type)
              .put("key", key)
              .put("code", key)
              .put("text", type.equals("keyDown") && key.equals("Enter") ? "\r" : "")
              .put("windowsVirtualKeyCode", code));
    }
  }

  byte[] screenshot() {
    var shot = new JsonObject().put("captureBeyondViewport", true);
    return Base64.getDecoder().decode(command("Page.captureScreenshot", shot).getString("data"));
  }

  /** The rules of axe-core that the page breaks, with where. */
  List<String> axe() throws IOException {
    try (InputStream script =
        Chromium.class.getResourceAsStream(
            "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
      if (script == null) {
        throw new IllegalStateException("axe-core is not on the class path");
      }
      evaluate(new String(script.readAllBytes(), StandardCharsets.UTF_8) + "; 0");
    }
    var result =
        text(
            "axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify("
                + "r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' '"
                + " + n.failureSummary).join(' | '))))");
    return new JsonArray(result).stream().map(String::valueOf).toList();
  }

  JsonObject command(String method, JsonObject parameters) {
    var number = numbers.incrementAndGet();
    var answer = new CompletableFuture<JsonObject>();
    waiting.put(number, answer);
    var text = new JsonObject().put("id", number).put("method", method).put("params", parameters);
    try {
      socket.sendText(text.encode(), true).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      var whole = answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (whole.containsKey("error")) {
        throw new IllegalStateException(method + ": " + whole.encode());
      }
      return whole.getJsonObject("result");
    } catch (Exception e) {
      throw new IllegalStateException(method, e);
    }
  }

  @Override
  public void close() {
    var all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
    process.destroy();
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("Chromium does not end", e);
    } finally {
      all.forEach(ProcessHandle::destroyForcibly);
    }
  }

  private URI page(Path directory) throws Exception {
    var file = directory.resolve("DevToolsActivePort");
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
    while (!Files.exists(file) || Files.readAllLines(file).size() < 2) {
      if (System.nanoTime() > until || !process.isAlive()) {
        throw new IllegalStateException(Files.readString(directory.resolve("chromium.log")));
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    var list = URI.create("http://127.0.0.1:" + Files.readAllLines(file).get(0) + "/json/list");
    var answer =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString());
    return new JsonArray(answer.body())
        .stream()
            .map(JsonObject.class::cast)
            .filter(target -> target.getString("type").equals("page"))
            .map(target -> URI.create(target.getString("webSocketDebuggerUrl")))
            .findFirst()
            .orElseThrow();
  }

  private void receive(JsonObject message) {
    var number = message.getInteger("id");
    if (number != null) {
      var answer = waiting.remove(number);
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    var method = message.getString("method", "");
    var parameters = message.getJsonObject("params", new JsonObject());
    var bad =
        method.equals("Runtime.exceptionThrown")
            || (method.equals("Runtime.consoleAPICalled")
                && List.of("error", "warning").contains(parameters.getString("type")))
            || (method.equals("Log.entryAdded")
                && List.of("error", "warning")
                    .contains(parameters.getJsonObject("entry").getString("level")));
    if (bad) {
      complaints.add(parameters.encode());
    }
  }

  private final class Messages implements WebSocket.Listener {
    private final List<CharSequence> parts = new ArrayList<>();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      parts.add(part.toString());
      if (last) {
        var whole = String.join("", parts);
        parts.clear();
        receive(new JsonObject(whole));
      }
      from.request(1);
      return null;
    }
  }
}
