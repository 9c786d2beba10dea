package io.eksnet.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which Probe resources of the Prometheus Operator are probed, where they may lead, and how. */
public record ProbeResourceSettings(
    @Setting(
            value =
                "The namespaces whose Probe resources (`monitoring.coreos.com/v1`) are probed, and"
                    + " whose Ingresses these may select. Empty: Probe resources are not read.",
            example = "[shop]",
            restart = true)
        Set<String> namespaces,
    @Setting(
            value =
                "The hosts that Probe resources may name, in static targets and in the rules of"
                    + " Ingresses: names, `*.example.com` for all names below a domain, addresses,"
                    + " CIDR blocks, or `*` for all. Targets on other hosts are not probed. Modules"
                    + " with credentials send them to all of these hosts.",
            example = "[shop.example.com, '*.shop.example.com', 10.0.0.0/16]")
        Set<String> hosts,
    @Setting(
            value =
                "What the `module` of a Probe resource stands for: a name, with the kind of probe"
                    + " and its settings.",
            example = "{http_2xx: {kind: http}}")
        Map<String, ModuleSettings> modules) {
  /** Probe resources are not read. */
  public static final ProbeResourceSettings NONE =
      new ProbeResourceSettings(Set.of(), Set.of(), Map.of());

  /** Of the name of a module. */
  public static final int MAX_MODULE_NAME_LENGTH = 128;

  /** RFC 1123 labels (Kubernetes, "Object Names and IDs"). */
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  public ProbeResourceSettings {
    namespaces = Collections.unmodifiableSet(new LinkedHashSet<>(namespaces));
    hosts = Collections.unmodifiableSet(new LinkedHashSet<>(hosts));
    modules = Collections.unmodifiableMap(new LinkedHashMap<>(modules));
    for (var namespace : namespaces) {
      if (!NAMESPACE.matcher(namespace).matches()) {
        throw new InvalidSettingException(
            "namespaces",
            ErrorText.quote(namespace)
                + " is not a namespace; write the name of one, such as shop");
      }
    }
    hosts.forEach(host -> InvalidSettingException.check("hosts", () -> HostPattern.parse(host)));
    for (var module : modules.keySet()) {
      if (module.isEmpty() || module.length() > MAX_MODULE_NAME_LENGTH) {
        throw new InvalidSettingException(
            "modules",
            "the name %s has %d characters; use 1 to %d"
                .formatted(ErrorText.quote(module), module.length(), MAX_MODULE_NAME_LENGTH));
      }
      ErrorText.requireVisible("modules", module);
    }
  }

  /** Whether Probe resources are read. */
  public boolean enabled() {
    return !namespaces.isEmpty();
  }

  /** Whether Probe resources may name this host. */
  public boolean allows(String host) {
    return hosts.stream().map(HostPattern::parse).anyMatch(pattern -> pattern.matches(host));
  }
}
