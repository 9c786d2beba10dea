package io.eksnet.lab.aws;

import static io.eksnet.lab.cluster.WireFields.fields;

import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.Behavior.AwsFault;
import io.eksnet.lab.cluster.Behavior.PageLimit;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A call of an action with the state of the cluster at that time.
 *
 * @param action with its service, such as {@code ec2:DescribeSubnets}
 * @param parameters of the form, or of the path and query in REST
 */
record AwsCall(
    String action,
    Map<String, String> parameters,
    ClusterState state,
    Function<String, List<TargetHealth>> targetHealth) {
  private static final int MAX_PAGE_SIZE = 1000;

  /** A page of a list; {@code nextToken} is empty on the last page. */
  record ResultPage<T>(List<T> items, String nextToken) {}

  /** The action without its service. */
  String name() {
    return action.substring(action.indexOf(':') + 1);
  }

  String service() {
    return action.substring(0, action.indexOf(':'));
  }

  String requestId() {
    return Ids.hex(action + parameters, 32);
  }

  /** A parameter, or empty. */
  String get(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** A parameter that must be present. */
  String require(String name) {
    var value = get(name);
    if (value.isEmpty()) {
      throw new AwsError(
          400, "MissingParameter", "The request must contain the parameter " + name + ".");
    }
    return value;
  }

  /** The values of {@code name.1}, {@code name.2}, … in their order. */
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

  /** The most specific fault of this action. */
  Optional<AwsFault.Kind> fault() {
    return state
        .find(AwsFault.class, action)
        .or(() -> state.find(AwsFault.class, service() + ":*"))
        .or(() -> state.find(AwsFault.class, "*"))
        .map(AwsFault::kind);
  }

  /** The page that the call asks for; {@code token} and {@code size} name its parameters. */
  <T> ResultPage<T> page(List<T> all, String token, String size, int defaultSize) {
    int limit =
        state.all(PageLimit.class).stream().mapToInt(PageLimit::most).min().orElse(MAX_PAGE_SIZE);
    int max = Math.min(get(size).isEmpty() ? defaultSize : number(size), limit);
    int start = start(get(token));
    var fault = fault().orElse(null);
    if (fault == AwsFault.Kind.EMPTY_PAGE && get(token).isEmpty()) {
      return new ResultPage<>(List.of(), "0");
    }
    if (fault == AwsFault.Kind.ENDLESS) {
      var some = all.subList(0, Math.min(max, all.size()));
      return new ResultPage<>(some, Integer.toString(start + 1));
    }
    int from = Math.min(start, all.size());
    int to = Math.min(all.size(), from + max);
    return new ResultPage<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : "");
  }

  private static int start(String token) {
    if (!token.matches("\\d{0,9}")) {
      throw new AwsError(400, "InvalidNextToken", "The token '" + token + "' is invalid.");
    }
    return token.isEmpty() ? 0 : Integer.parseInt(token);
  }

  private int number(String name) {
    if (!get(name).matches("\\d{1,9}")) {
      throw AwsError.invalidParameter(
          "Value (" + get(name) + ") for parameter " + name + " is invalid.");
    }
    return Integer.parseInt(get(name));
  }

  /**
   * Applies EC2's filters.
   *
   * @param attributes the value, or list of values, of each filter that the action supports
   */
  <T> List<T> filter(List<T> all, Function<T, Map<String, Object>> attributes) {
    var kept = all;
    for (int i = 1; !get("Filter." + i + ".Name").isEmpty(); i++) {
      var name = get("Filter." + i + ".Name");
      var patterns = list("Filter." + i + ".Value").stream().map(AwsCall::wildcard).toList();
      kept =
          kept.stream()
              .filter(
                  item ->
                      values(attributes.apply(item), name).stream()
                          .anyMatch(
                              value -> patterns.stream().anyMatch(p -> p.matcher(value).matches())))
              .toList();
    }
    return kept;
  }

  private static List<String> values(Map<String, Object> attributes, String name) {
    var value = attributes.get(name);
    if (value == null && !name.startsWith("tag:")) {
      throw AwsError.invalidParameter("The filter '" + name + "' is invalid");
    }
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : value == null ? List.of() : List.of(value.toString());
  }

  /** The attributes of tags: {@code tag-key} and {@code tag:NAME}. */
  static Map<String, Object> tagAttributes(Map<String, String> tags) {
    var attributes = fields("tag-key", List.copyOf(tags.keySet()));
    tags.forEach((name, value) -> attributes.put("tag:" + name, value));
    return attributes;
  }

  /** {@code *} stands for any text, {@code ?} for any character. */
  private static Pattern wildcard(String value) {
    return Pattern.compile(
        value
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining()));
  }
}
