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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The page, and the small API, that switch the lab's faults. */
public final class ControlPage implements AutoCloseable {
  private static final int LARGEST_FORM = 4096;

  private final Lab lab;
  private final List<String> links;
  private final Section section;
  private final HttpServer server;
  private final ExecutorService thread;

  private ControlPage(Lab lab, List<String> links, Section section, HttpServer server) {
    this.lab = lab;
    this.links = List.copyOf(links);
    this.section = section;
    this.server = server;
    this.thread = Executors.newSingleThreadExecutor(ControlPage::daemon);
  }

  /** A page on {@code port} of 127.0.0.1, 0 for a free one, with links to what watches the lab. */
  public static ControlPage start(Lab lab, int port, List<String> links) {
    return start(lab, port, links, Section.NONE);
  }

  /** The same with a part more. */
  public static ControlPage start(Lab lab, int port, List<String> links, Section section) {
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

  /** Where the page is, without a slash at its end. */
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
      var refusal = Visitor.of(exchange, server.getAddress().getPort()).refusal();
      if (refusal.isPresent()) {
        send(exchange, 403, "text/plain", refusal.get() + "\n");
        return;
      }
      try {
        route(exchange);
      } catch (IllegalArgumentException e) {
        send(exchange, 400, "text/plain", e.getMessage() + "\n");
      } catch (UncheckedIOException e) {
        send(exchange, 500, "text/plain", e.getMessage() + "\n");
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    switch (exchange.getRequestMethod()) {
      case "GET", "HEAD" -> show(exchange, path);
      case "POST" -> change(exchange, path);
      default -> {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD, POST");
        send(exchange, 405, "text/plain", "GET shows, POST switches\n");
      }
    }
  }

  private void show(HttpExchange exchange, String path) throws IOException {
    switch (path) {
      case "/" ->
          send(exchange, 200, "text/html", ControlHtml.page(lab.describe(), url(), links, section));
      case "/style.css" -> send(exchange, 200, "text/css", ControlHtml.STYLE);
      case "/api/services" -> send(exchange, 200, "application/json", services().encode() + "\n");
      default -> {
        var shown = section.show(path);
        send(
            exchange,
            shown.isPresent() ? 200 : 404,
            shown.isPresent() ? "application/json" : "text/plain",
            shown.map(JsonObject::encode).orElse("look at / or /api/services") + "\n");
      }
    }
  }

  private void change(HttpExchange exchange, String path) throws IOException {
    if (path.equals("/heal")) {
      lab.heal();
      done(exchange, "/", "everything is healthy", services().encode());
    } else if (path.startsWith("/faults/")) {
      var name = path.substring("/faults/".length());
      if (!lab.names().contains(name)) {
        send(exchange, 404, "text/plain", "no service \"" + name + "\"; " + lab.names() + "\n");
        return;
      }
      turn(lab.service(name), form(exchange));
      var now = lab.describe(name);
      var words = name + " is now " + now.fault().label() + ": " + now.fault().meaning();
      done(exchange, "/#" + name, words, json(now).encode());
    } else {
      var words = section.change(path);
      if (words.isPresent()) {
        done(exchange, "/", words.get(), new JsonObject().put("now", words.get()).encode());
      } else {
        send(exchange, 404, "text/plain", "POST to /faults/NAME or /heal\n");
      }
    }
  }

  private static void turn(Service<?> service, Map<String, List<String>> form) {
    var fault = form.get("fault");
    if (fault == null) {
      throw new IllegalArgumentException("say which fault: fault=none, fault=drop, …");
    }
    if (form.containsKey("delay")) {
      service.delay(Duration.ofMillis(Long.parseLong(form.get("delay").get(0))));
    }
    service.fault(fault.get(0));
  }

  private static Map<String, List<String>> form(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readNBytes(LARGEST_FORM);
    return new QueryStringDecoder(new String(body, UTF_8), UTF_8, false).parameters();
  }

  /** A browser goes back to the page, a program gets JSON if it asks for it. */
  private static void done(HttpExchange exchange, String page, String words, String json)
      throws IOException {
    var accept = exchange.getRequestHeaders().getFirst("Accept");
    if (accept != null && accept.contains("application/json")) {
      send(exchange, 200, "application/json", json + "\n");
    } else {
      exchange.getResponseHeaders().set("Location", page);
      send(exchange, 303, "text/plain", words + "\n");
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

  private static Thread daemon(Runnable work) {
    var thread = new Thread(work, "lab-control");
    thread.setDaemon(true);
    return thread;
  }
}
