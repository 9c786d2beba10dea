package io.eksnet.config;

import io.eksnet.model.KindSpec;
import io.eksnet.model.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the list of probes: each mapping has the common keys and those of its kind. */
final class ProbeReader {
  private final Binder binder;
  private final KindReader kinds;
  private final @Nullable Defaults defaults;
  private final Map<String, Location> names = new HashMap<>();

  /** A target and where it is written. */
  private record TargetNode(ConfigNode node, TargetSettings settings) {}

  /**
   * @param defaults null if they could not be bound
   */
  ProbeReader(Binder binder, KindReader kinds, @Nullable Defaults defaults) {
    this.binder = binder;
    this.kinds = kinds;
    this.defaults = defaults;
  }

  /** The probes that could be read; the others are reported as problems. */
  List<ProbeSettings> probes(ConfigNode node) {
    var elements = binder.elements(node);
    return elements == null
        ? List.of()
        : elements.stream().map(this::probe).filter(Objects::nonNull).toList();
  }

  private @Nullable ProbeSettings probe(ConfigNode node) {
    var mapping = binder.mapping(node);
    if (mapping == null) {
      return null;
    }
    var common = new LinkedHashMap<String, Object>();
    var targets = targetNodes(mapping);
    for (var key : SettingKey.ofProbes()) {
      var value =
          switch (key.name()) {
            case "targets" -> targets.stream().map(TargetNode::settings).toList();
            case "interval" -> duration(mapping, key, Defaults::interval);
            case "timeout" -> duration(mapping, key, Defaults::timeout);
            default -> binder.value(mapping, key);
          };
      if (value != null) {
        common.put(key.name(), value);
      }
    }
    requireUniqueName(mapping, (String) common.get("name"));
    var valid = hasTimeoutWithinInterval(mapping, common);
    var kind = kinds.kind(mapping, (String) common.get("kind"));
    return kind == null || !valid ? null : probe(mapping, common, kind, targets);
  }

  private <S extends Record> @Nullable ProbeSettings probe(
      YamlMapping mapping,
      Map<String, Object> common,
      KindSpec<S> kind,
      List<TargetNode> targetNodes) {
    var settings = kinds.settings(mapping, kind, SettingKey.ofProbes());
    if (settings == null) {
      return null;
    }
    var targets = targets(targetNodes, kind, settings);
    if (targets == null) {
      return null;
    }
    common.put("settings", settings);
    common.put("parsed_targets", targets);
    return (ProbeSettings) binder.record(mapping, ProbeSettings.class, common);
  }

  private void requireUniqueName(YamlMapping mapping, @Nullable String name) {
    if (name == null) {
      return;
    }
    var location = mapping.locationOf("name");
    var first = names.putIfAbsent(name, location);
    if (first != null) {
      binder.report(
          new Problem(
              location,
              "%s is the name of the probe at %s:%d already; choose another"
                  .formatted(ErrorText.quote(name), first.file(), first.line())));
    }
  }

  /** Checks a probe that sets one of the two; the defaults are checked where they are set. */
  private boolean hasTimeoutWithinInterval(YamlMapping mapping, Map<String, Object> common) {
    var timeout = (Duration) common.get("timeout");
    var interval = (Duration) common.get("interval");
    if (timeout == null || interval == null || timeout.compareTo(interval) < 0) {
      return true;
    }
    if (mapping.has("timeout")) {
      binder.report(
          new Problem(
              mapping.locationOf("timeout"),
              "%s is not shorter than the interval, %s%s; lower the timeout or raise the interval"
                  .formatted(
                      Durations.text(timeout),
                      Durations.text(interval),
                      mapping.has("interval") ? "" : " by default")));
    } else if (mapping.has("interval")) {
      binder.report(
          new Problem(
              mapping.locationOf("interval"),
              "%s is not longer than the timeout, %s by default; raise the interval or set timeout"
                  .formatted(Durations.text(interval), Durations.text(timeout))));
    }
    return false;
  }

  private @Nullable Object duration(
      YamlMapping mapping, SettingKey key, Function<Defaults, Duration> fallback) {
    if (mapping.has(key.name())) {
      return binder.value(mapping, key);
    }
    return defaults == null ? null : fallback.apply(defaults);
  }

  private List<TargetNode> targetNodes(YamlMapping mapping) {
    var node = mapping.value("targets");
    if (node.isEmpty()) {
      binder.report(mapping.node(), "the required key \"targets\" is missing; add it");
      return List.of();
    }
    var elements = binder.elements(node.get());
    if (elements != null && elements.isEmpty()) {
      binder.report(node.get(), "no target; list at least one");
    }
    return elements == null ? List.of() : elements.stream().flatMap(this::targetNode).toList();
  }

  private Stream<TargetNode> targetNode(ConfigNode node) {
    var settings = binder.group(node, TargetSettings.class);
    return settings == null
        ? Stream.empty()
        : Stream.of(new TargetNode(node, (TargetSettings) settings));
  }

  /** Null if one of them is invalid. */
  private <S extends Record> @Nullable List<Target> targets(
      List<TargetNode> nodes, KindSpec<S> kind, S settings) {
    var targets = new LinkedHashMap<String, Target>();
    for (var node : nodes) {
      try {
        var target = kind.target(node.settings().address(), settings);
        if (targets.putIfAbsent(target.name(), target) != null) {
          binder.report(
              node.node(),
              "the target " + ErrorText.quote(target.name()) + " is listed twice; remove one");
        }
      } catch (IllegalArgumentException e) {
        binder.report(node.node(), Binder.message(e));
      }
    }
    return targets.size() < nodes.size() ? null : List.copyOf(targets.values());
  }
}
