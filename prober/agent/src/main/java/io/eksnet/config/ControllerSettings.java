package io.eksnet.config;

import io.eksnet.model.AddressLiteral;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** How agents and the controller find and trust each other. */
public record ControllerSettings(
    @Setting(
            value =
                "Where agents find the controller, best by address: DNS may be what is down. Else"
                    + " the environment says it (`EKSNET_CONTROLLER_SERVICE_HOST` and `_PORT`, which"
                    + " Kubernetes sets for the Service `eksnet-controller`); without either, an"
                    + " agent works from its own config alone.",
            example = "https://172.20.11.7:9853")
        Optional<String> url,
    @Setting(
            value =
                "The token that agents and controllers show each other, at least 16 characters;"
                    + " read again when it changes. Without one, `/api/v1/plan`,"
                    + " `/api/v1/inventory`, `/api/v1/evidence` and `/api/v1/observations` answer"
                    + " only this host, and users who gave a password.",
            example = "/etc/eksnet/token")
        Optional<Path> tokenFile,
    @Setting(
            value =
                "The authorities in PEM that the other side's certificate must lead to; with them"
                    + " agents and controllers speak TLS to each other. Read again when it changes.",
            example = "/etc/eksnet/ca.pem")
        Optional<Path> caFile,
    @Setting(
            value = "The name that the certificates of agents and controllers carry.",
            fallback = "eksnet",
            min = 1,
            max = 253)
        String serverName,
    @Setting(
            value =
                "How often an agent asks for its plan, and how often the controller asks agents"
                    + " for their observations.",
            fallback = "10s",
            min = 1,
            max = 3_600)
        Duration every,
    @Setting(
            value = "The port at which the controller finds the agents.",
            fallback = "9853",
            min = 1,
            max = 65_535)
        int agentPort,
    @Setting(
            value =
                "The Lease, in the namespace of the controller, by which one of its replicas is"
                    + " elected.",
            fallback = "eksnet-controller",
            min = 1,
            max = 253)
        String lease,
    @Setting(
            value =
                "Whether a plan may send agents to this host itself (127.0.0.0/8, ::1): for the"
                    + " lab, never in a cluster.",
            fallback = "false")
        boolean loopback,
    @Setting(
            value =
                "Where the controller asks for the hosts of Ingresses, as address:port; `null`: the"
                    + " first name server of its resolv.conf.",
            example = "10.0.0.2:53")
        Optional<String> resolver) {
  private static final int HIGHEST_PORT = 65_535;

  public ControllerSettings {
    url.ifPresent(ControllerSettings::require);
    if (url.isPresent() && url.get().startsWith("https:") != caFile.isPresent()) {
      throw new IllegalArgumentException(
          caFile.isPresent()
              ? "with ca_file TLS is spoken; let url begin with https://"
              : "url begins with https://; name the authorities of its certificate in ca_file");
    }
    resolver.ifPresent(ControllerSettings::requireResolver);
    Objects.requireNonNull(every);
    if (!lease.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "lease must be the name of a Kubernetes object such as eksnet-controller, not "
              + Quoted.of(lease));
    }
  }

  /** The address that a URL names, if it is one. */
  public Optional<URI> uri() {
    return url.map(URI::create);
  }

  private static void requireResolver(String resolver) {
    var colon = resolver.lastIndexOf(':');
    if (colon < 0
        || !resolver.substring(colon + 1).matches("[1-9]\\d{0,4}")
        || AddressLiteral.parse(resolver.substring(0, colon)).isEmpty()) {
      throw new IllegalArgumentException(
          "resolver must be address:port such as 10.0.0.2:53, not " + Quoted.of(resolver));
    }
  }

  private static void require(String url) {
    if (!isAddress(url)) {
      throw new IllegalArgumentException(
          "url must be a scheme, a host and a port such as http://172.20.11.7:9853, not "
              + Quoted.of(url));
    }
  }

  private static boolean isAddress(String url) {
    try {
      var uri = URI.create(url);
      return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getPort() <= HIGHEST_PORT
          && uri.getUserInfo() == null
          && (uri.getRawPath() == null || uri.getRawPath().matches("/?"))
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
