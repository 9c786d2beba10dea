package io.eksnet.lab;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;

/** What the program prints when it stands. */
final class Guide {
  private Guide() {}

  static String alone(Lab lab, String control, Path config) {
    return """

        The lab stands.

        %s
          switch faults    %s/
          or               curl -d fault=servfail %s/faults/dns
          a config for it  %s

        Ctrl-C ends it.
        """
        .formatted(services(lab), control, control, config);
  }

  static String beside(Lab lab, String control, Path config, String eksnet) {
    return """

        The lab stands, and eksnet watches it.

          status page      %s/
          metrics          %s/metrics
          switch faults    %s/
          or               curl -d fault=servfail %s/faults/dns
          its config       %s

        %s
        Ctrl-C ends both.
        """
        .formatted(eksnet, eksnet, control, control, config, services(lab));
  }

  private static String services(Lab lab) {
    return lab.describe().stream().map(Guide::line).collect(joining());
  }

  private static String line(Lab.Description service) {
    return "  %-13s  %-34s  %s%n"
        .formatted(service.name(), String.join(" ", service.addresses()), service.fault().label());
  }
}
