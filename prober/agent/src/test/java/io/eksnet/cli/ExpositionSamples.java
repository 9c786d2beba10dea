package io.eksnet.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The samples of a page in the text format 0.0.4, read by its own rules and not by our writer's.
 */
public record ExpositionSamples(List<Sample> all) {
  public record Sample(String name, Map<String, String> labels, double value) {}

  public static ExpositionSamples parse(String page) {
    var samples = new ArrayList<Sample>();
    for (var line : page.split("\n")) {
      if (!line.isEmpty() && !line.startsWith("#")) {
        samples.add(new Parser(line).sample());
      }
    }
    return new ExpositionSamples(samples);
  }

  /** The samples of one name whose labels contain these. */
  public List<Sample> of(String name, Map<String, String> labels) {
    return all.stream()
        .filter(s -> s.name().equals(name))
        .filter(s -> s.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  /** The sum of the samples of one name whose labels contain these; 0 where there are none. */
  public double sum(String name, Map<String, String> labels) {
    return of(name, labels).stream().mapToDouble(Sample::value).sum();
  }

  private static final class Parser {
    private final String line;
    private int at;

    Parser(String line) {
      this.line = line;
    }

    Sample sample() {
      var name = until("{ ");
      var labels = new LinkedHashMap<String, String>();
      if (line.charAt(at) == '{') {
        at++;
        while (line.charAt(at) != '}') {
          var key = until("=");
          at += 2;
          labels.put(key, quoted());
          at += line.charAt(at) == ',' ? 1 : 0;
        }
        at++;
      }
      return new Sample(name, labels, number(line.substring(at).strip().split(" ")[0]));
    }

    private String until(String ends) {
      var from = at;
      while (ends.indexOf(line.charAt(at)) < 0) {
        at++;
      }
      return line.substring(from, at);
    }

    private String quoted() {
      var text = new StringBuilder();
      for (; line.charAt(at) != '"'; at++) {
        if (line.charAt(at) == '\\') {
          at++;
          text.append(line.charAt(at) == 'n' ? '\n' : line.charAt(at));
        } else {
          text.append(line.charAt(at));
        }
      }
      at++;
      return text.toString();
    }

    private static double number(String text) {
      return switch (text) {
        case "+Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(text);
      };
    }
  }
}
