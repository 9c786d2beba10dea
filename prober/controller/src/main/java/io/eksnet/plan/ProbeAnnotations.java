package io.eksnet.plan;

import static io.eksnet.model.inventory.Annotation.EXPECT;
import static io.eksnet.model.inventory.Annotation.INTERVAL;
import static io.eksnet.model.inventory.Annotation.LABELS;
import static io.eksnet.model.inventory.Annotation.PATH;
import static io.eksnet.model.inventory.Annotation.PORT;
import static io.eksnet.model.inventory.Annotation.PROBE;

import io.eksnet.agent.plan.PlanValidation;
import io.eksnet.config.Durations;
import io.eksnet.config.LabelNames;
import io.eksnet.model.inventory.Annotation;
import io.eksnet.model.inventory.KubeIngress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What the annotations {@code eksnet.io/…} of an object ask for.
 *
 * @param protocol {@code tcp}, {@code tls}, {@code http}, {@code https}, {@code grpc} or {@code
 *     grpcs}; empty: no probe
 * @param port a number or a name; empty if not set
 * @param statuses empty if not set
 * @param labels of the series of the probe
 * @param objections what is wrong; its annotation counts as not there
 */
record ProbeAnnotations(
    Optional<String> protocol,
    Optional<String> path,
    Optional<String> port,
    Optional<Duration> interval,
    List<String> statuses,
    Map<String, String> labels,
    List<ValidationError> objections) {
  private static final Set<String> PROTOCOLS =
      Set.of("tcp", "http", "https", "tls", "grpc", "grpcs");

  /** Whether everything that is there can be done. */
  boolean good() {
    return objections.isEmpty();
  }

  boolean isHttp() {
    return protocol.filter(p -> p.startsWith("http")).isPresent();
  }

  /** Reads the annotations of {@code object}. */
  static ProbeAnnotations of(String object, Map<String, String> annotations) {
    return new Reader(object, annotations).read();
  }

  private record Reader(
      String object, Map<String, String> annotations, List<ValidationError> objections) {
    Reader(String object, Map<String, String> annotations) {
      this(object, new TreeMap<>(annotations), new ArrayList<>());
    }

    ProbeAnnotations read() {
      annotations.keySet().stream()
          .filter(key -> key.startsWith(Annotation.PREFIX))
          .filter(key -> Annotation.of(key).isEmpty())
          .forEach(key -> object(key, "is not known", "use " + Annotation.PREFIX + known()));
      value(Annotation.DNS)
          .filter(word -> !word.equals(KubeIngress.ELSEWHERE))
          .ifPresent(
              word ->
                  object(
                      Annotation.DNS.key(),
                      "is " + PlanValidation.quoted(word),
                      "use " + KubeIngress.ELSEWHERE + ", or leave it out"));
      var protocol = value(PROBE).filter(this::isProtocol);
      var http = protocol.filter(p -> !p.startsWith("http")).isEmpty();
      return new ProbeAnnotations(
          protocol,
          checked(PATH, PlanValidation::path).filter(path -> fits(PATH, http)),
          value(PORT).filter(this::isPort),
          value(INTERVAL).flatMap(this::interval),
          value(EXPECT).filter(word -> fits(EXPECT, http)).map(this::statuses).orElse(List.of()),
          value(LABELS).map(this::labels).orElse(Map.of()),
          List.copyOf(objections));
    }

    private boolean isProtocol(String word) {
      if (!PROTOCOLS.contains(word)) {
        object(
            PROBE.key(),
            "is " + PlanValidation.quoted(word),
            "use tcp, tls, http, https, grpc or grpcs");
      }
      return PROTOCOLS.contains(word);
    }

    private boolean isPort(String word) {
      var good = word.matches("[1-9]\\d{0,4}|[a-z0-9-]{1,63}");
      if (!good) {
        object(
            PORT.key(), "is " + PlanValidation.quoted(word), "give the number or name of a port");
      }
      return good;
    }

    private boolean fits(Annotation annotation, boolean http) {
      if (!http) {
        object(
            annotation.key(),
            "has a meaning for http and https only",
            "leave it out, or set " + PROBE.key() + " to http or https");
      }
      return http;
    }

    private Optional<Duration> interval(String word) {
      try {
        var interval = Durations.parse(word);
        PlanValidation.interval(interval);
        return Optional.of(interval);
      } catch (IllegalArgumentException e) {
        object(INTERVAL.key(), "is " + PlanValidation.quoted(word), "give 1s to 1d, such as 30s");
        return Optional.empty();
      }
    }

    private List<String> statuses(String text) {
      var words = List.of(text.strip().split("[,\\s]+"));
      try {
        return PlanValidation.statuses("http", words);
      } catch (IllegalArgumentException e) {
        object(
            EXPECT.key(),
            "is " + PlanValidation.quoted(text),
            "give status codes, ranges or classes, such as 200,301 or 2xx");
        return List.of();
      }
    }

    private Map<String, String> labels(String text) {
      var labels = new LinkedHashMap<String, String>();
      for (var entry : text.split(",", -1)) {
        var equals = entry.indexOf('=');
        var isNew =
            equals > 0
                && labels.put(
                        entry.substring(0, equals).strip(), entry.substring(equals + 1).strip())
                    == null;
        if (!isNew) {
          object(
              LABELS.key(),
              "has " + PlanValidation.quoted(entry),
              "write each label once, as name=value with commas in between");
          return Map.of();
        }
      }
      try {
        return LabelNames.ofProbe(labels);
      } catch (IllegalArgumentException e) {
        object(LABELS.key(), String.valueOf(e.getMessage()), "change the labels");
        return Map.of();
      }
    }

    private Optional<String> checked(Annotation annotation, Consumer<String> check) {
      return value(annotation)
          .filter(
              word -> {
                try {
                  check.accept(word);
                  return true;
                } catch (IllegalArgumentException e) {
                  object(
                      annotation.key(),
                      "is " + PlanValidation.quoted(word),
                      String.valueOf(e.getMessage()));
                  return false;
                }
              });
    }

    private Optional<String> value(Annotation annotation) {
      return Optional.ofNullable(annotations.get(annotation.key())).map(String::strip);
    }

    private void object(String field, String wrong, String remedy) {
      objections.add(new ValidationError(object, field, wrong, remedy));
    }

    private static String known() {
      return Arrays.stream(Annotation.values())
          .map(Annotation::word)
          .collect(Collectors.joining(", "));
    }
  }
}
