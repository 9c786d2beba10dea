package io.eksnet.lab;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;

/** A config for eksnet with probes of every kind at the lab's services. */
public final class EksnetConfig {
  /** NAME@ stands for the first address of a service, NAME@@ for the list of all. */
  private static final String TEMPLATE =
      """
      # Written by the lab at each start. The first probes succeed while the lab is healthy;
      # those named broken-... meet a fault from the start.
      cluster: lab
      defaults: {interval: 5s, timeout: 2s}
      suites: {dns: {enabled: false}}

      probes:
        - name: web
          kind: http
          targets: ['http://http@/ok']
          expect: {status: [2xx], body: ['^ok']}
        - name: shop
          kind: http
          targets: ['https://https@/ok']
          expect: {status: ['200']}
          tls: {ca_file: CA_FILE}
        - {name: slow, kind: http, targets: ['http://http@/delay/200']}
        - {name: certificate, kind: tls, targets: https@@, ca_file: CA_FILE}
        - {name: greeting, kind: tcp, targets: tcp@@, expect: ['^SSH-2\\.0-']}
        - {name: resolver, kind: dns, targets: dns@@, query: shop.lab.test., type: A}
        - {name: srv, kind: dns, targets: dns@@, query: _https._tcp.lab.test., type: SRV}
        - name: no-such-name
          kind: dns
          targets: dns@@
          query: nowhere.lab.test.
          expect: {rcode: NXDOMAIN}
        - {name: blocked, kind: tcp, targets: tcp-blocked@@, negative: true, timeout: 1s}
      """;

  private static final String BROKEN =
      """
        - {name: broken-status, kind: http, targets: ['http://http@/status/503']}
        - {name: broken-stall, kind: http, targets: ['http://http@/stall']}
        - {name: broken-reset, kind: http, targets: ['http://http@/reset']}
        - {name: broken-loop, kind: http, targets: ['http://http@/redirect-loop']}
        - {name: broken-certificate, kind: tls, targets: https-broken@@, ca_file: CA_FILE}
        - {name: broken-resolver, kind: dns, targets: dns-broken@@, query: shop.lab.test., type: A}
        - {name: broken-route, kind: tcp, targets: ['UNREACHABLE:9']}
      """;

  private EksnetConfig() {}

  /** The YAML; {@code authority} is the PEM file of the lab's root. */
  static String of(Lab lab, Path authority) {
    return filled(TEMPLATE + BROKEN, lab, authority);
  }

  /** Its defaults and the probes that succeed, to be added to another config. */
  public static String probes(Lab lab, Path authority) {
    var probes = TEMPLATE.substring(TEMPLATE.indexOf("probes:"));
    return filled("defaults: {interval: 5s, timeout: 2s}\n" + probes, lab, authority);
  }

  private static String filled(String template, Lab lab, Path authority) {
    var yaml =
        template
            .replace("CA_FILE", quoted(authority.toString()))
            .replace("UNREACHABLE", Unreachable.IPV4);
    // The longest names first: the name of one service may end with that of another.
    for (var service : lab.describe().stream().sorted(EksnetConfig::longestFirst).toList()) {
      yaml =
          yaml.replace(service.name() + "@@", list(service))
              .replace(service.name() + "@", service.addresses().get(0));
    }
    return yaml;
  }

  private static int longestFirst(Lab.Description one, Lab.Description other) {
    return other.name().length() - one.name().length();
  }

  private static String list(Lab.Description service) {
    return service.addresses().stream().map(EksnetConfig::quoted).collect(joining(", ", "[", "]"));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
