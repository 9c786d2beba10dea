package io.eksnet.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * An OCI registry in memory, on loopback without TLS or accounts: the endpoints to push and pull of
 * the <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md">distribution
 * specification</a> 1.1.
 */
final class OciRegistry implements AutoCloseable {
  private static final Pattern PATH =
      Pattern.compile("/v2/(?<name>.+)/(?<kind>blobs/uploads|blobs|manifests)/(?<reference>[^/]*)");

  private final HttpServer server;
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
  private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
  private final Map<String, String> mediaTypes = new ConcurrentHashMap<>();
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();

  private OciRegistry(HttpServer server) {
    this.server = server;
  }

  static OciRegistry start() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var registry = new OciRegistry(HttpServer.create(address, 0));
    registry.server.createContext("/", registry::handle);
    registry.server.start();
    return registry;
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Repositories with their tags and digests, such as {@code charts/eksnet:0.1.0}. */
  Set<String> manifests() {
    return Set.copyOf(manifests.keySet());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var path = PATH.matcher(exchange.getRequestURI().getPath());
      if (exchange.getRequestURI().getPath().equals("/v2/")) {
        respond(exchange, 200, new byte[0]);
      } else if (!path.matches()) {
        error(exchange, 404, "NAME_UNKNOWN");
      } else if (path.group("kind").equals("manifests")) {
        manifest(exchange, path.group("name"), path.group("reference"), body);
      } else if (path.group("kind").equals("blobs")) {
        read(exchange, path.group("reference"), blobs, path.group("reference"));
      } else {
        upload(exchange, path.group("name"), path.group("reference"), body);
      }
    }
  }

  private void manifest(HttpExchange exchange, String name, String reference, byte[] body)
      throws IOException {
    var separator = reference.contains(":") ? "@" : ":";
    if (!exchange.getRequestMethod().equals("PUT")) {
      read(exchange, name + separator + reference, manifests, name);
      return;
    }
    var digest = digest(body);
    for (var key : List.of(name + separator + reference, name + "@" + digest)) {
      manifests.put(key, body);
      mediaTypes.put(key, exchange.getRequestHeaders().getFirst("Content-Type"));
    }
    exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
    exchange.getResponseHeaders().set("Location", "/v2/" + name + "/manifests/" + digest);
    respond(exchange, 201, new byte[0]);
  }

  private void read(HttpExchange exchange, String key, Map<String, byte[]> from, String unknown)
      throws IOException {
    var content = from.get(key);
    if (content == null) {
      error(exchange, 404, "UNKNOWN " + unknown);
      return;
    }
    exchange.getResponseHeaders().set("Docker-Content-Digest", digest(content));
    exchange
        .getResponseHeaders()
        .set("Content-Type", mediaTypes.getOrDefault(key, "application/octet-stream"));
    respond(exchange, 200, content);
  }

  /** A blob comes in one request (POST, then PUT) or in several (POST, PATCH…, PUT). */
  private void upload(HttpExchange exchange, String name, String upload, byte[] body)
      throws IOException {
    var method = exchange.getRequestMethod();
    var id = method.equals("POST") ? "upload-" + uploads.size() : upload;
    var content = uploads.computeIfAbsent(id, unused -> new ByteArrayOutputStream());
    content.writeBytes(body);
    exchange.getResponseHeaders().set("Location", "/v2/" + name + "/blobs/uploads/" + id);
    if (!method.equals("PUT")) {
      exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, content.size() - 1));
      respond(exchange, 202, new byte[0]);
      return;
    }
    var digest = digest(content.toByteArray());
    if (!exchange.getRequestURI().getQuery().contains("digest=" + digest)) {
      error(exchange, 400, "DIGEST_INVALID");
      return;
    }
    blobs.put(digest, content.toByteArray());
    exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
    respond(exchange, 201, new byte[0]);
  }

  private static void error(HttpExchange exchange, int status, String code) throws IOException {
    respond(exchange, status, "{\"errors\":[{\"code\":\"%s\"}]}".formatted(code).getBytes(UTF_8));
  }

  private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  static String digest(byte[] content) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
