package io.eksnet.config;

import java.util.List;

/** The built-in suite that probes Services by name and by cluster IP. */
public record ServiceSuite(
    @Inline SuiteSchedule schedule,
    @Setting(
            value =
                "Services to probe, as namespace/name, besides those annotated with"
                    + " `eksnet.io/probe`.",
            fallback = "[default/kubernetes]",
            example = "[default/kubernetes, shop/backend]")
        List<String> services)
    implements Suite {
  public ServiceSuite {
    services = List.copyOf(services);
    services.forEach(ServiceSuite::requireName);
  }

  private static void requireName(String service) {
    if (!service.matches("[a-z0-9-]{1,63}/[a-z0-9-]{1,63}")) {
      throw new InvalidSettingException(
          "services",
          ErrorText.quote(service)
              + " is not namespace/name; write one such as default/kubernetes");
    }
  }
}
