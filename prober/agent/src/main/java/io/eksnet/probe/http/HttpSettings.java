package io.eksnet.probe.http;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ErrorText;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.model.Family;
import io.eksnet.model.HostPort;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.TlsSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** The settings of the {@code http} kind: the request and the expected response. */
public record HttpSettings(
    @Setting(value = "The request method.", fallback = "GET", example = "HEAD") String method,
    @Setting(
            value =
                "Headers to send. Credentials are refused here; they come from files, with"
                    + " basic_auth, bearer_token_file or header_files.",
            fallback = "{}",
            example = "{accept: application/json}")
        Map<String, String> headers,
    @Setting(
            value =
                "Header names, each with a file that holds the value; for secrets. Reloaded when they"
                    + " change, and sent to the target's own scheme, host and port only.",
            fallback = "{}",
            example = "{x-api-key: /etc/eksnet/key}")
        Map<String, Path> headerFiles,
    @Setting("Credentials for basic authentication; sent to the target's own origin only.")
        Optional<BasicAuth> basicAuth,
    @Setting(
            value =
                "A file with a bearer token; reloaded when it changes, and sent to the target's own"
                    + " origin only.",
            example = "/var/run/secrets/token")
        Optional<Path> bearerTokenFile,
    @Setting(
            value = "The Host header, if it is not the host of the URL.",
            example = "shop.example.com")
        Optional<String> host,
    @Setting(
            value =
                "The name or address to connect to, if it is not the host of the URL, such as one of"
                    + " a load balancer.",
            example = "10.0.1.7")
        Optional<String> address,
    @Setting(value = "Which addresses of a name to use.", fallback = "any") Family family,
    @Setting(
            value =
                "Whether to probe the first address of a name, or each of them with a result of its"
                    + " own (at most 16).",
            fallback = "one")
        AddressSelection addresses,
    @Setting(
            value =
                "The HTTP version: negotiated with the server, HTTP/1.1, or HTTP/2 (without TLS by"
                    + " prior knowledge).",
            fallback = "auto")
        HttpVersion version,
    @Setting(value = "The body of the request, sent in UTF-8.", example = "'{\"q\":1}'")
        Optional<String> body,
    @Setting(value = "The expected response.", fallback = "{}") HttpExpect expect,
    @Setting(
            value = "How many bytes the body of a response may have.",
            fallback = "1048576",
            min = 0,
            max = HttpSettings.MAX_BODY)
        int maxBody,
    @Setting(
            value = "How many redirects to follow; 0: none, the first response is checked.",
            fallback = "5",
            min = 0,
            max = HttpSettings.MAX_REDIRECTS)
        int maxRedirects,
    @Setting(
            value =
                "Hosts to which redirects are followed besides the target's own; a redirect to"
                    + " another host is checked as the response.",
            fallback = "[]",
            example = "[login.example.com]")
        List<String> redirectHosts,
    @Setting(value = "TLS settings for https targets.", fallback = "{}") TlsSettings tls) {
  static final int MAX_BODY = 67_108_864;
  static final int MAX_REDIRECTS = 20;

  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

  /** A GET that must be answered with 2xx. */
  public static final HttpSettings DEFAULT = ConfigReader.defaults(HttpSettings.class);

  public HttpSettings {
    headers = Map.copyOf(headers);
    headerFiles = Map.copyOf(headerFiles);
    Objects.requireNonNull(family);
    Objects.requireNonNull(addresses);
    Objects.requireNonNull(version);
    Objects.requireNonNull(expect);
    redirectHosts = redirectHosts.stream().map(HostPort::requireHost).toList();
    if (!METHOD.matcher(method).matches() || method.equals("CONNECT")) {
      throw new InvalidSettingException(
          "method",
          ErrorText.quote(method)
              + " is not allowed; write a method such as GET, HEAD or POST, in capitals");
    }
    var plain = headers;
    InvalidSettingException.check("headers", () -> Headers.requirePlain(plain));
    headerFiles
        .keySet()
        .forEach(
            name ->
                InvalidSettingException.check(
                    "header_files", () -> Headers.requireNotReserved(name)));
    host.ifPresent(name -> InvalidSettingException.check("host", () -> HostPort.parse(name)));
    address.ifPresent(
        name -> InvalidSettingException.check("address", () -> HostPort.requireHost(name)));
    requireRange("max_body", maxBody, MAX_BODY);
    requireRange("max_redirects", maxRedirects, MAX_REDIRECTS);
    requireOneCredential(headerFiles, basicAuth, bearerTokenFile);
    if (tls.insecureSkipVerify() && hasCredentials(headerFiles, basicAuth, bearerTokenFile)) {
      throw new InvalidSettingException(
          "tls.insecure_skip_verify",
          "credentials are never sent to a peer that was not verified: give tls.ca_file instead of"
              + " tls.insecure_skip_verify");
    }
  }

  private static void requireRange(String key, int value, int max) {
    if (value < 0 || value > max) {
      throw new InvalidSettingException(key, value + " is out of range; use 0 to " + max);
    }
  }

  private static void requireOneCredential(
      Map<String, Path> headerFiles, Optional<BasicAuth> basicAuth, Optional<Path> bearerToken) {
    var authorizations =
        headerFiles.keySet().stream()
                .filter(name -> Headers.lower(name).equals("authorization"))
                .count()
            + basicAuth.stream().count()
            + bearerToken.stream().count();
    if (authorizations > 1) {
      throw new IllegalArgumentException(
          "basic_auth, bearer_token_file and an authorization among header_files exclude each other:"
              + " give one");
    }
  }

  boolean hasCredentials() {
    return hasCredentials(headerFiles, basicAuth, bearerTokenFile);
  }

  private static boolean hasCredentials(
      Map<String, Path> headerFiles, Optional<BasicAuth> basicAuth, Optional<Path> bearerToken) {
    return !headerFiles.isEmpty() || basicAuth.isPresent() || bearerToken.isPresent();
  }
}
