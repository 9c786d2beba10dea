package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An Ingress.
 *
 * @param className empty if it names none
 * @param address the host name in its status; empty while it has none
 */
public record Ingress(
    String namespace,
    String name,
    String className,
    Map<String, String> annotations,
    List<Rule> rules,
    String address,
    Instant created)
    implements Item {
  /** Where a host and a path lead. */
  public record Rule(String host, String path, String service, int port) {}

  public Ingress {
    annotations = Map.copyOf(annotations);
    rules = List.copyOf(rules);
  }

  @Override
  public String key() {
    return namespace + "/" + name;
  }

  public Ingress withAddress(String next) {
    return new Ingress(namespace, name, className, annotations, rules, next, created);
  }

  public Ingress withClassName(String next) {
    return new Ingress(namespace, name, next, annotations, rules, address, created);
  }

  public Ingress withAnnotation(String key, String value) {
    var next = new HashMap<>(annotations);
    next.put(key, value);
    return new Ingress(namespace, name, className, next, rules, address, created);
  }

  public Ingress withCreated(Instant next) {
    return new Ingress(namespace, name, className, annotations, rules, address, next);
  }
}
