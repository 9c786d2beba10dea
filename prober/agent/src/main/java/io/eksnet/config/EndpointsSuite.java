package io.eksnet.config;

import io.eksnet.model.SeriesKey.EndpointKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The built-in suite that probes the endpoints of AWS services, from every node. */
public record EndpointsSuite(
    @Inline(defaults = "interval: 1m") SuiteSchedule schedule,
    @Setting(
            value =
                "AWS services to probe besides those that eksnet finds in use: names as in VPC"
                    + " endpoints, without region.",
            fallback = "[]",
            example = "[logs, autoscaling]")
        List<String> services,
    @Setting(
            value =
                "A PEM file with the certificate authorities to trust instead of the system's, for"
                    + " a proxy or an endpoint of your own.",
            example = "/etc/eksnet/ca.pem")
        Optional<Path> caFile)
    implements Suite {
  private static final int MAX_SERVICES = 20;
  private static final Set<String> ALWAYS_PROBED = Set.of("sts", EndpointKey.API_SERVER);

  public EndpointsSuite {
    services = List.copyOf(services);
    services.forEach(EndpointsSuite::requireName);
    if (services.size() > MAX_SERVICES) {
      throw new InvalidSettingException(
          "services", services.size() + " are too many; name at most " + MAX_SERVICES);
    }
  }

  private static void requireName(String service) {
    if (ALWAYS_PROBED.contains(service)) {
      throw new InvalidSettingException(
          "services", ErrorText.quote(service) + " is probed anyway; leave it out");
    }
    if (!service.matches("[a-z0-9][a-z0-9.-]{0,62}")) {
      throw new InvalidSettingException(
          "services",
          ErrorText.quote(service)
              + " is not the name of an AWS service; write one such as logs or ecr.api");
    }
  }
}
