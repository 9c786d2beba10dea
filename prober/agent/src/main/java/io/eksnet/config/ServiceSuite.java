package io.eksnet.config;

import java.time.Duration;
import java.util.List;

/** The built-in suite that calls Services by name and by cluster IP. */
public record ServiceSuite(
    @Setting(value = "Whether the suite runs.", fallback = "true") boolean enabled,
    @Setting(
            value = "The time from one run to the next.",
            fallback = "30s",
            min = 0.1,
            max = 86_400)
        Duration interval,
    @Setting(
            value = "The time a run may take; shorter than the interval.",
            fallback = "5s",
            min = 0.01,
            max = 3_600)
        Duration timeout,
    @Setting(
            value =
                "Services to call, as namespace/name, beside those annotated with"
                    + " `eksnet.io/probe`.",
            fallback = "[default/kubernetes]",
            example = "[default/kubernetes, shop/backend]")
        List<String> services) {
  public ServiceSuite {
    Durations.requireShorter(timeout, interval);
    services = List.copyOf(services);
    services.forEach(ServiceSuite::requireName);
  }

  private static void requireName(String service) {
    if (!service.matches("[a-z0-9-]{1,63}/[a-z0-9-]{1,63}")) {
      throw new IllegalArgumentException(
          "a service is written as namespace/name, such as default/kubernetes, not "
              + Quoted.of(service));
    }
  }
}
