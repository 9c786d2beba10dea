package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The web page and the API that switch the faults of the lab. */
public final class ControlPage implements AutoCloseable {
  private static final int MAX_FORM_BYTES = 4096;
  private static final String STYLE = readStyle();

  private final Lab lab;
  private final List<String> links;
  private final @Nullable ControlPageSection section;
  private final HttpServer server;
  private final ExecutorService thread;

  private ControlPage(
      Lab lab, List<String> links, @Nullable ControlPageSection section, HttpServer server) {
    this.lab = lab;
    this.links = List.copyOf(links);
    this.section = section;
    this.server = server;
    this.thread =
        Executors.newSingleThreadExecutor(
            work -> {
              var daemon = new Thread(work, "lab-control");
              daemon.setDaemon(true);
              return daemon;
            });
  }

  /**
   * Starts a page on 127.0.0.1.
   *
   * @param port 0 for a free one
   * @param links URLs of the prober
   * @param section an additional section
   */
  public static ControlPage start(
      Lab lab, int port, List<String> links, @Nullable ControlPageSection section) {
    try {
      var address =
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
      var page = new ControlPage(lab, links, section, HttpServer.create(address, 16));
      page.server.setExecutor(page.thread);
      page.server.createContext("/", page::serve);
      page.server.start();
      return page;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on port " + port + " of 127.0.0.1: " + e.getMessage(), e);
    }
  }

  /** The URL of the page, without a slash at its end. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var refusal = refuse(exchange);
      if (refusal.isPresent()) {
        send(exchange, 403, "text/plain", refusal.get() + "\n");
        return;
      }
      try {
        var path = exchange.getRequestURI().getPath();
        switch (exchange.getRequestMethod()) {
          case "GET", "HEAD" -> get(exchange, path);
          case "POST" -> post(exchange, path);
          default -> {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD, POST");
            send(exchange, 405, "text/plain", "use GET or POST\n");
          }
        }
      } catch (IllegalArgumentException e) {
        send(exchange, 400, "text/plain", e.getMessage() + "\n");
      } catch (UncheckedIOException e) {
        send(exchange, 500, "text/plain", e.getMessage() + "\n");
      }
    }
  }

  /**
   * Why a request is refused. Any web site can make a browser send requests to this machine; only
   * this page and programs may switch faults.
   */
  private Optional<String> refuse(HttpExchange exchange) {
    int port = server.getAddress().getPort();
    var headers = exchange.getRequestHeaders();
    var host = headers.getFirst("Host");
    if (host == null || !List.of("127.0.0.1:" + port, "localhost:" + port).contains(host)) {
      return Optional.of("unknown host " + host + "; use 127.0.0.1:" + port);
    }
    var origin = headers.getFirst("Origin");
    var site = headers.getFirst("Sec-Fetch-Site");
    boolean foreign =
        (origin != null && !origin.equals("http://" + host))
            || (site != null && !site.equals("same-origin") && !site.equals("none"));
    return exchange.getRequestMethod().equals("POST") && foreign
        ? Optional.of("cross-site requests cannot switch faults")
        : Optional.empty();
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    switch (path) {
      case "/" -> {
        var html = section == null ? "" : section.html(url());
        var page = ControlPageHtml.page(lab.describe(), url(), links, html);
        send(exchange, 200, "text/html", page);
      }
      case "/style.css" -> send(exchange, 200, "text/css", STYLE);
      case "/api/services" -> send(exchange, 200, "application/json", services().encode() + "\n");
      default -> {
        var json = section == null ? Optional.<JsonObject>empty() : section.get(path);
        if (json.isPresent()) {
          send(exchange, 200, "application/json", json.get().encode() + "\n");
        } else {
          send(exchange, 404, "text/plain", "not found; see / and /api/services\n");
        }
      }
    }
  }

  private void post(HttpExchange exchange, String path) throws IOException {
    if (path.equals("/heal")) {
      lab.heal();
      sendResult(exchange, "/", "all faults are cleared", services().encode());
    } else if (path.startsWith("/faults/")) {
      var name = path.substring("/faults/".length());
      if (!lab.names().contains(name)) {
        send(exchange, 404, "text/plain", "no service \"" + name + "\"; " + lab.names() + "\n");
        return;
      }
      setFault(lab.service(name), readForm(exchange));
      var now = lab.describe(name);
      var text = name + ": " + now.fault().label() + " (" + now.fault().meaning() + ")";
      sendResult(exchange, "/#" + name, text, json(now).encode());
    } else {
      var result = section == null ? Optional.<String>empty() : section.post(path);
      if (result.isPresent()) {
        var json = new JsonObject().put("now", result.get()).encode();
        sendResult(exchange, "/", result.get(), json);
      } else {
        send(exchange, 404, "text/plain", "not found; POST to /faults/NAME or /heal\n");
      }
    }
  }

  private static void setFault(LabServer<?> service, Map<String, List<String>> form) {
    var fault = form.get("fault");
    if (fault == null) {
      throw new IllegalArgumentException("\"fault\" is missing; send fault=none, fault=drop, …");
    }
    if (form.containsKey("delay")) {
      service.delay(Duration.ofMillis(Long.parseLong(form.get("delay").get(0))));
    }
    service.fault(fault.get(0));
  }

  private static Map<String, List<String>> readForm(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readNBytes(MAX_FORM_BYTES);
    return new QueryStringDecoder(new String(body, UTF_8), UTF_8, false).parameters();
  }

  /** JSON for programs that ask for it; a browser is redirected to the page. */
  private static void sendResult(HttpExchange exchange, String page, String text, String json)
      throws IOException {
    var accept = exchange.getRequestHeaders().getFirst("Accept");
    if (accept != null && accept.contains("application/json")) {
      send(exchange, 200, "application/json", json + "\n");
    } else {
      exchange.getResponseHeaders().set("Location", page);
      send(exchange, 303, "text/plain", text + "\n");
    }
  }

  private JsonArray services() {
    var services = new JsonArray();
    lab.describe().forEach(service -> services.add(json(service)));
    return services;
  }

  private static JsonObject json(Lab.Description service) {
    var faults = new JsonObject();
    service.faults().forEach(fault -> faults.put(fault.label(), fault.meaning()));
    return new JsonObject()
        .put("name", service.name())
        .put("purpose", service.purpose())
        .put("addresses", new JsonArray(service.addresses()))
        .put("fault", service.fault().label())
        .put("delay_ms", service.delayMillis())
        .put("faults", faults);
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    var body = text.getBytes(UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type + "; charset=utf-8");
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none';"
            + " base-uri 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static String readStyle() {
    try (var in = ControlPage.class.getResourceAsStream("control-page.css")) {
      if (in == null) {
        throw new IllegalStateException("control-page.css is not on the class path");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
