package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.AwsFault;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.PageLimit;
import io.eksnet.lab.cluster.TargetHealth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One call of an action, with what the cluster is like at that moment.
 *
 * @param action with its service: {@code ec2:DescribeSubnets}
 * @param parameters as in the form of the query protocol, or in the path and query of REST
 */
record Call(
    String action,
    Map<String, String> parameters,
    ClusterState state,
    Function<String, List<TargetHealth>> health) {
  private static final int MOST = 1000;

  /** The action without its service. */
  String name() {
    return action.substring(action.indexOf(':') + 1);
  }

  String service() {
    return action.substring(0, action.indexOf(':'));
  }

  /** A parameter, or empty. */
  String get(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** A parameter that must be there. */
  String need(String name) {
    var value = get(name);
    if (value.isEmpty()) {
      throw new AwsError(
          400, "MissingParameter", "The request must contain the parameter " + name + ".");
    }
    return value;
  }

  /** The values of {@code name.1}, {@code name.2}, …: by number, as they came. */
  List<String> list(String name) {
    var numbered = new TreeMap<Integer, String>();
    parameters.forEach(
        (key, value) -> {
          if (key.startsWith(name + ".") && key.substring(name.length() + 1).matches("\\d+")) {
            numbered.put(Integer.valueOf(key.substring(name.length() + 1)), value);
          }
        });
    return List.copyOf(numbered.values());
  }

  /** The fault that is on for this action, the narrowest one. */
  Optional<AwsFault.Kind> fault() {
    return state
        .find(AwsFault.class, action)
        .or(() -> state.find(AwsFault.class, service() + ":*"))
        .or(() -> state.find(AwsFault.class, "*"))
        .map(AwsFault::kind);
  }

  /** How the caller, the cluster's page limit and its faults have lists cut. */
  Page.Cut cut(String token, String size, int fallback) {
    int asked = get(size).isEmpty() ? fallback : number(size);
    int most = state.all(PageLimit.class).stream().mapToInt(PageLimit::most).min().orElse(MOST);
    var fault = fault();
    return new Page.Cut(
        get(token),
        Math.min(asked, most),
        fault.equals(Optional.of(AwsFault.Kind.EMPTY_PAGE)),
        fault.equals(Optional.of(AwsFault.Kind.ENDLESS)));
  }

  /** EC2's filters: a thing is kept if each of them matches one of its values. */
  <T> List<T> filtered(List<T> all, Attributes<T> attributes) {
    var kept = all;
    for (int i = 1; !get("Filter." + i + ".Name").isEmpty(); i++) {
      var name = get("Filter." + i + ".Name");
      var patterns = list("Filter." + i + ".Value").stream().map(Call::pattern).toList();
      kept =
          kept.stream()
              .filter(
                  thing ->
                      attributes.of(thing, name).stream()
                          .anyMatch(value -> matches(patterns, value)))
              .toList();
    }
    return kept;
  }

  /** The values of a thing under the name of a filter. */
  interface Attributes<T> {
    /** Throws {@link Call#noSuchFilter} for a name that it does not know. */
    List<String> of(T thing, String filter);
  }

  static AwsError noSuchFilter(String name) {
    return AwsError.invalid("The filter '" + name + "' is invalid");
  }

  /** The values of tags under {@code tag:NAME} and {@code tag-key}. */
  static List<String> tag(Map<String, String> tags, String filter) {
    if (filter.equals("tag-key")) {
      return List.copyOf(tags.keySet());
    }
    if (!filter.startsWith("tag:")) {
      throw noSuchFilter(filter);
    }
    return Optional.ofNullable(tags.get(filter.substring(4))).stream().toList();
  }

  private int number(String name) {
    if (!get(name).matches("\\d{1,9}")) {
      throw AwsError.invalid("Value (" + get(name) + ") for parameter " + name + " is invalid.");
    }
    return Integer.parseInt(get(name));
  }

  /** {@code *} and {@code ?} stand for any text and any character. */
  private static Pattern pattern(String value) {
    return Pattern.compile(
        value
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining()));
  }

  private static boolean matches(List<Pattern> patterns, String value) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(value).matches());
  }
}
