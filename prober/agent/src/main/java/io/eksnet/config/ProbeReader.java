package io.eksnet.config;

import io.eksnet.model.KindSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The list of probes: common keys and those of the kind in one mapping. */
final class ProbeReader {
  private final Binder binder;
  private final Map<String, ? extends KindSpec<?>> kinds;
  private final @Nullable Defaults defaults;
  private final Map<String, Integer> names = new HashMap<>();

  ProbeReader(
      Binder binder, Map<String, ? extends KindSpec<?>> kinds, @Nullable Defaults defaults) {
    this.binder = binder;
    this.kinds = kinds;
    this.defaults = defaults;
  }

  /** Those that could be read; the others are problems. */
  List<ProbeSettings> probes(Place place) {
    var elements = binder.elements(place);
    var probes = new ArrayList<ProbeSettings>();
    if (elements != null) {
      elements.stream().map(this::probe).filter(Objects::nonNull).forEach(probes::add);
    }
    return probes;
  }

  private @Nullable ProbeSettings probe(Place place) {
    var fields = binder.fields(place);
    if (fields == null) {
      return null;
    }
    var common = new LinkedHashMap<String, Object>();
    var targets = TargetReader.words(fields, binder);
    for (var key : Key.ofProbes()) {
      var value =
          switch (key.name()) {
            case "targets" -> targets.stream().map(TargetReader.Word::text).toList();
            case "interval" -> time(fields, key, Defaults::interval);
            case "timeout" -> time(fields, key, Defaults::timeout);
            default -> binder.value(fields, key);
          };
      if (value != null) {
        common.put(key.name(), value);
      }
    }
    requireUniqueName(fields, common.get("name"));
    requireTimeoutShorter(fields, common.get("timeout"), common.get("interval"));
    var kind = kind(fields, common.get("kind"));
    return kind == null ? null : probe(fields, common, kind, targets);
  }

  private <S extends Record> @Nullable ProbeSettings probe(
      Fields fields, Map<String, Object> common, KindSpec<S> kind, List<TargetReader.Word> words) {
    var keys = KindKeys.of(kind);
    var known = new ArrayList<>(KindKeys.names(Key.ofProbes()));
    known.addAll(KindKeys.names(keys));
    fields.refuseUnknown(known, binder.problems());
    var bound = binder.record(fields, kind.settings(), binder.values(fields, keys));
    var settings = bound == null ? null : checked(fields, kind, kind.settings().cast(bound));
    if (settings == null) {
      return null;
    }
    common.put("settings", settings);
    common.put("parsed_targets", TargetReader.targets(words, kind, settings, binder));
    return binder.problems().isEmpty()
        ? (ProbeSettings) Records.create(ProbeSettings.class, common)
        : null;
  }

  private <S extends Record> @Nullable S checked(Fields fields, KindSpec<S> kind, S settings) {
    try {
      kind.check(settings);
      return settings;
    } catch (IllegalArgumentException e) {
      var message = Binder.message(e);
      return binder.refuse(fields.placeOf(message), message);
    }
  }

  private @Nullable KindSpec<?> kind(Fields fields, @Nullable Object name) {
    if (name == null) {
      return null;
    }
    var kind = kinds.get((String) name);
    if (kind == null) {
      var known = new TreeSet<>(kinds.keySet());
      return binder.refuse(
          fields.value("kind").orElse(fields.place()),
          "unknown kind " + Quoted.of((String) name) + Words.meant((String) name, known));
    }
    return kind;
  }

  private void requireUniqueName(Fields fields, @Nullable Object name) {
    if (name == null) {
      return;
    }
    var place = fields.value("name").orElse(fields.place());
    if (((String) name).startsWith(ProbeSettings.RESERVED)) {
      binder
          .problems()
          .add(
              place,
              "names that begin with "
                  + ProbeSettings.RESERVED
                  + " are those of probes from annotations; choose another");
    }
    var before = names.putIfAbsent((String) name, place.line());
    if (before != null) {
      binder
          .problems()
          .add(
              place,
              "the name "
                  + Quoted.of((String) name)
                  + " belongs to the probe in line "
                  + before
                  + " already; choose another");
    }
  }

  /** Only where the probe says one of the two itself; the defaults are checked where they stand. */
  private void requireTimeoutShorter(
      Fields fields, @Nullable Object timeout, @Nullable Object interval) {
    if (timeout == null || interval == null || !(fields.has("timeout") || fields.has("interval"))) {
      return;
    }
    try {
      Durations.requireShorter((Duration) timeout, (Duration) interval);
    } catch (IllegalArgumentException e) {
      var place = fields.value("timeout").or(() -> fields.value("interval")).orElse(fields.place());
      binder.problems().add(place, Binder.message(e) + fromDefaults(fields));
    }
  }

  private static String fromDefaults(Fields fields) {
    if (!fields.has("timeout")) {
      return "; the timeout is that of defaults";
    }
    return fields.has("interval") ? "" : "; the interval is that of defaults";
  }

  private @Nullable Object time(Fields fields, Key key, Function<Defaults, Duration> fallback) {
    if (fields.has(key.name())) {
      return binder.value(fields, key);
    }
    return defaults == null ? null : fallback.apply(defaults);
  }
}
