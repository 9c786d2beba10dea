package io.eksnet.lab;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;

/** Configured probes of every kind for the lab's services. */
public final class EksnetConfig {
  /** NAME@ is the first address of a service, NAME@@ the list of all. */
  private static final String TEMPLATE =
      """
      defaults: {interval: 5s, timeout: 2s}
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

  private EksnetConfig() {}

  /** YAML to append to a configuration; {@code authority} is the PEM file of the lab's root CA. */
  public static String probes(Lab lab, Path authority) {
    var yaml = TEMPLATE.replace("CA_FILE", quoted(authority.toString()));
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
