package io.eksnet.config;

import io.eksnet.model.AddressLiteral;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** How agents and the controller connect to each other. */
public record ControllerSettings(
    @Setting(
            value =
                "The URL of the controller, preferably with an address, as DNS may be what is down."
                    + " `null`: that of the environment (`EKSNET_CONTROLLER_SERVICE_HOST` and"
                    + " `_PORT`, which Kubernetes sets for the Service `eksnet-controller`). Without"
                    + " either, an agent runs the probes of its own config only.",
            example = "https://172.20.11.7:9853")
        Optional<String> url,
    @Setting(
            value =
                "A file with the token that agents and controllers present to each other, at least"
                    + " 16 characters; reloaded when it changes. Without a token, `/api/v1/plan`,"
                    + " `/api/v1/inventory`, `/api/v1/evidence` and `/api/v1/observations` are"
                    + " served only to this host and to users with a password.",
            example = "/etc/eksnet/token")
        Optional<Path> tokenFile,
    @Setting(
            value =
                "A PEM file with the certificate authorities of agents and controllers; with it"
                    + " they connect to each other by TLS. Reloaded when it changes.",
            example = "/etc/eksnet/ca.pem")
        Optional<Path> caFile,
    @Setting(
            value = "The server name in the certificates of agents and controllers.",
            fallback = "eksnet",
            min = 1,
            max = 253)
        String serverName,
    @Setting(
            value =
                "How often an agent fetches its plan, and how often the controller collects the"
                    + " observations of the agents.",
            fallback = "10s",
            min = 1,
            max = 3_600)
        Duration every,
    @Setting(
            value = "The port on which the controller connects to agents.",
            fallback = "9853",
            min = 1,
            max = ControllerSettings.MAX_PORT)
        int agentPort,
    @Setting(
            value =
                "The Lease, in the namespace of the controller, that elects the leader among its"
                    + " replicas.",
            fallback = "eksnet-controller",
            min = 1,
            max = 253)
        String lease,
    @Setting(
            value =
                "Whether a plan may have targets on this host itself (127.0.0.0/8, ::1): for the"
                    + " lab, never in a cluster.",
            fallback = "false")
        boolean loopback,
    @Setting(
            value =
                "The DNS server for the hosts of Ingresses, as address:port; `null`: the first name"
                    + " server in the controller's resolv.conf.",
            example = "10.0.0.2:53")
        Optional<String> resolver) {
  static final int MAX_PORT = 65_535;

  public ControllerSettings {
    url.ifPresent(ControllerSettings::requireUrl);
    if (url.isPresent() && url.get().startsWith("https:") != caFile.isPresent()) {
      throw new InvalidSettingException(
          "url",
          ErrorText.quote(url.get())
              + (caFile.isPresent()
                  ? " is not TLS, which ca_file requires; begin it with https://"
                  : " needs the authorities of the controller's certificate; set ca_file"));
    }
    resolver.ifPresent(ControllerSettings::requireResolver);
    Objects.requireNonNull(every);
    if (!lease.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
      throw new InvalidSettingException(
          "lease",
          ErrorText.quote(lease)
              + " is not the name of a Kubernetes object; write one such as eksnet-controller");
    }
  }

  /** The URL of the controller, if it is set. */
  public Optional<URI> uri() {
    return url.map(URI::create);
  }

  private static void requireResolver(String resolver) {
    var colon = resolver.lastIndexOf(':');
    if (colon < 0
        || !resolver.substring(colon + 1).matches("[1-9]\\d{0,4}")
        || AddressLiteral.parse(resolver.substring(0, colon)).isEmpty()) {
      throw new InvalidSettingException(
          "resolver",
          ErrorText.quote(resolver) + " is not address:port; write one such as 10.0.0.2:53");
    }
  }

  private static void requireUrl(String url) {
    if (!isOrigin(url)) {
      throw new InvalidSettingException(
          "url",
          ErrorText.quote(url)
              + " is not a scheme, a host and a port; write one such as http://172.20.11.7:9853");
    }
  }

  private static boolean isOrigin(String url) {
    try {
      var uri = URI.create(url);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getPort() <= MAX_PORT
          && uri.getUserInfo() == null
          && (uri.getRawPath() == null || uri.getRawPath().matches("/?"))
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
