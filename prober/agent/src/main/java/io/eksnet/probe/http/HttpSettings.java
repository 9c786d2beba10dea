package io.eksnet.probe.http;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ErrorText;
import io.eksnet.config.Inline;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingsBuilder;
import io.eksnet.model.Family;
import io.eksnet.model.HostPort;
import io.eksnet.probe.net.AddressSelection;
import io.eksnet.probe.net.Headers;
import io.eksnet.probe.net.ProbeNetwork;
import io.eksnet.probe.net.ProxyProtocol;
import io.eksnet.probe.net.TlsSettings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings of the {@code http} kind: the request and the expected response. */
@SettingsBuilder
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
    @Setting(
            value =
                "A file with the body of the request, at most 1 MiB, for secrets; reloaded when it"
                    + " changes, and sent to the target's own origin only.",
            example = "/etc/eksnet/login.json")
        Optional<Path> bodyFile,
    @Setting(
            value =
                "The compression to request and to require of the response. Without it, the request"
                    + " accepts none (a header `accept-encoding` changes that), and a compressed body"
                    + " is decompressed before it is matched, all the same.",
            example = "gzip")
        Optional<Compression> compression,
    @Setting(value = "The expected response.", fallback = "{}") HttpExpect expect,
    @Setting(
            value =
                "How many bytes the body of a response may have, compressed and decompressed; a"
                    + " longer one is `too_large`. Unset: 1 MiB if something reads the body, which is"
                    + " `expect.body`, `expect.body_absent` or `compression`, else no limit.",
            min = 0,
            max = HttpSettings.MAX_BODY,
            example = "65536")
        Optional<Integer> maxBody,
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
    @Setting(
            value =
                "The HTTP proxy to use, which resolves the names of targets; https targets are"
                    + " reached by CONNECT.",
            example = "http://proxy.example.com:3128")
        Optional<String> proxyUrl,
    @Setting(
            value =
                "Whether to use the proxies in the environment variables `HTTP_PROXY`, `HTTPS_PROXY`"
                    + " and `NO_PROXY`.",
            fallback = "false")
        boolean proxyFromEnvironment,
    @Setting(
            value =
                "Hosts to reach without `proxy_url`: domains with their subdomains, addresses, CIDR"
                    + " blocks, each but the blocks with an optional port; `*`: all.",
            fallback = "[]",
            example = "[.svc.cluster.local, 10.0.0.0/8]")
        List<String> noProxy,
    @Setting(
            value = "Headers of CONNECT requests to the proxy; not for credentials.",
            fallback = "{}",
            example = "{x-team: network}")
        Map<String, String> proxyConnectHeaders,
    @Setting("Credentials for the proxy, by basic authentication.")
        Optional<BasicAuth> proxyBasicAuth,
    @Setting(
            "A bearer token from an OAuth2 token endpoint, by the client credentials grant. It is kept"
                + " until shortly before it expires, and sent to the target's own origin only. If the"
                + " endpoint issues no token, the outcome is `token_failed`.")
        Optional<OAuth2Settings> oauth2,
    @Setting(value = "TLS settings for https targets.", fallback = "{}") TlsSettings tls,
    @Setting(
            value =
                "The version of the PROXY protocol header to send first, on connections to the"
                    + " target's own host.",
            example = "v2")
        Optional<ProxyProtocol> proxyProtocol,
    @Inline ProbeNetwork network) {
  static final int MAX_BODY = 67_108_864;
  static final int MAX_REDIRECTS = 20;

  private static final String NEEDS_PROXY = "needs proxy_url or proxy_from_environment: give one";

  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

  /** A GET that must be answered with 2xx. */
  public static final HttpSettings DEFAULT = ConfigReader.defaults(HttpSettings.class);

  public HttpSettings {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    headerFiles = Collections.unmodifiableMap(new LinkedHashMap<>(headerFiles));
    Objects.requireNonNull(family);
    Objects.requireNonNull(addresses);
    Objects.requireNonNull(version);
    Objects.requireNonNull(expect);
    network.requireFamily(family);
    redirectHosts = redirectHosts.stream().map(HostPort::requireHost).toList();
    noProxy = List.copyOf(noProxy);
    proxyConnectHeaders = Collections.unmodifiableMap(new LinkedHashMap<>(proxyConnectHeaders));
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
    requireAccepted(headers, compression);
    if (!expect.allowsVersionOf(version)) {
      throw new InvalidSettingException(
          "expect.versions",
          "has only versions that version excludes: leave version out, or change one of them");
    }
    host.ifPresent(name -> InvalidSettingException.check("host", () -> HostPort.parse(name)));
    address.ifPresent(
        name ->
            InvalidSettingException.check(
                "address",
                () -> {
                  HostPort.requireHost(name);
                  network.requireReachable(name);
                }));
    if (body.isPresent() && bodyFile.isPresent()) {
      throw new InvalidSettingException("body_file", "excludes body: give one of them");
    }
    maxBody.ifPresent(bytes -> requireRange("max_body", bytes, MAX_BODY));
    requireRange("max_redirects", maxRedirects, MAX_REDIRECTS);
    requireOneCredential(headerFiles, basicAuth, bearerTokenFile, oauth2);
    if (tls.insecureSkipVerify()
        && (!headerFiles.isEmpty()
            || basicAuth.isPresent()
            || bearerTokenFile.isPresent()
            || oauth2.isPresent())) {
      throw new InvalidSettingException(
          "tls.insecure_skip_verify",
          "credentials are never sent to a peer that was not verified: give tls.ca_file instead of"
              + " tls.insecure_skip_verify");
    }
    requireProxy(proxyUrl, proxyFromEnvironment, noProxy, proxyConnectHeaders, proxyBasicAuth);
    proxyUrl.ifPresent(
        url ->
            InvalidSettingException.check(
                "proxy_url", () -> network.requireReachable(ProxyAddress.parse(url).host())));
    oauth2.ifPresent(
        token ->
            InvalidSettingException.check(
                "oauth2.token_url",
                () -> network.requireReachable(Url.parse(token.tokenUrl()).host())));
    if (usesProxy(proxyUrl, proxyFromEnvironment) && proxyProtocol.isPresent()) {
      throw new InvalidSettingException(
          "proxy_protocol",
          "cannot be used with proxy_url or proxy_from_environment, as an HTTP proxy does not pass the"
              + " header on: give one of them");
    }
    if (usesProxy(proxyUrl, proxyFromEnvironment)
        && (addresses == AddressSelection.ALL || address.isPresent())) {
      throw new InvalidSettingException(
          address.isPresent() ? "address" : "addresses",
          "cannot be used with proxy_url or proxy_from_environment: a proxy resolves the names of"
              + " targets itself");
    }
  }

  /** A builder that starts with the defaults. */
  public static HttpSettingsBuilder builder() {
    return HttpSettingsBuilder.builder(DEFAULT);
  }

  /** Whether a proxy connects to targets, unless {@code no_proxy} has them. */
  boolean usesProxy() {
    return usesProxy(proxyUrl, proxyFromEnvironment);
  }

  private static void requireAccepted(
      Map<String, String> headers, Optional<Compression> compression) {
    var accepted = Headers.value(headers, "accept-encoding");
    if (compression.isPresent()
        && accepted.isPresent()
        && Stream.of(accepted.get().split(","))
            .map(word -> Headers.lower(word.replaceFirst(";.*", "").strip()))
            .noneMatch(compression.get().coding()::equals)) {
      throw new InvalidSettingException(
          "headers",
          "the header accept-encoding must accept "
              + compression.get().coding()
              + ", which compression requires; leave the header out");
    }
  }

  private static void requireProxy(
      Optional<String> url,
      boolean fromEnvironment,
      List<String> noProxy,
      Map<String, String> connectHeaders,
      Optional<BasicAuth> basicAuth) {
    url.ifPresent(
        text -> InvalidSettingException.check("proxy_url", () -> ProxyAddress.parse(text)));
    InvalidSettingException.check("no_proxy", () -> new NoProxy(noProxy));
    InvalidSettingException.check(
        "proxy_connect_headers", () -> Headers.requirePlain(connectHeaders));
    if (url.isPresent() && fromEnvironment) {
      throw new InvalidSettingException(
          "proxy_from_environment", "excludes proxy_url: give one of them");
    }
    if (url.isEmpty() && !noProxy.isEmpty()) {
      throw new InvalidSettingException("no_proxy", "needs proxy_url: give both or none");
    }
    if (!usesProxy(url, fromEnvironment) && !connectHeaders.isEmpty()) {
      throw new InvalidSettingException("proxy_connect_headers", NEEDS_PROXY);
    }
    if (!usesProxy(url, fromEnvironment) && basicAuth.isPresent()) {
      throw new InvalidSettingException("proxy_basic_auth", NEEDS_PROXY);
    }
  }

  private static boolean usesProxy(Optional<String> url, boolean fromEnvironment) {
    return url.isPresent() || fromEnvironment;
  }

  private static void requireRange(String key, int value, int max) {
    if (value < 0 || value > max) {
      throw new InvalidSettingException(key, value + " is out of range; use 0 to " + max);
    }
  }

  private static void requireOneCredential(
      Map<String, Path> headerFiles,
      Optional<BasicAuth> basicAuth,
      Optional<Path> bearerToken,
      Optional<OAuth2Settings> oauth2) {
    var authorizations =
        headerFiles.keySet().stream()
                .filter(name -> Headers.lower(name).equals("authorization"))
                .count()
            + basicAuth.stream().count()
            + bearerToken.stream().count()
            + oauth2.stream().count();
    if (authorizations > 1) {
      throw new IllegalArgumentException(
          "basic_auth, bearer_token_file, oauth2 and an authorization among header_files exclude each"
              + " other: give one");
    }
  }
}
