package io.eksnet.reference;

import io.eksnet.inventory.Permission;
import io.eksnet.inventory.Permission.Iam;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The IAM policy of the controller. {@code REGION}, {@code ACCOUNT} and {@code CLUSTER} are to be
 * filled in.
 */
public final class IamPolicy {
  private static final String VERSION = "2012-10-17";

  private IamPolicy() {}

  /** The policy as JSON: one statement per service and resource scope. */
  public static String json(Collection<? extends Permission> permissions) {
    var actions = new TreeMap<String, SortedSet<String>>();
    var resources = new TreeMap<String, List<String>>();
    permissions.stream()
        .filter(Iam.class::isInstance)
        .map(Iam.class::cast)
        .forEach(
            right -> {
              var statement = statement(right);
              actions.computeIfAbsent(statement, s -> new TreeSet<>()).add(right.action());
              var before = resources.putIfAbsent(statement, right.resources());
              if (before != null && !before.equals(right.resources())) {
                throw new IllegalArgumentException(
                    "%s is about %s, other actions of its kind about %s; declare the same"
                        .formatted(right.action(), right.resources(), before));
              }
            });
    return actions.entrySet().stream()
        .map(entry -> block(entry, resources.getOrDefault(entry.getKey(), List.of())))
        .collect(
            Collectors.joining(
                ",\n",
                "{\n  \"Version\": \"" + VERSION + "\",\n  \"Statement\": [\n",
                "\n  ]\n}\n"));
  }

  private static String block(
      Map.Entry<String, SortedSet<String>> actions, List<String> resources) {
    return Stream.of(
            "\"Sid\": " + quoted(actions.getKey()),
            "\"Effect\": \"Allow\"",
            "\"Action\": " + list(actions.getValue()),
            "\"Resource\": " + list(resources),
            condition(actions.getValue(), resources))
        .filter(line -> !line.isEmpty())
        .map(line -> "      " + line)
        .collect(Collectors.joining(",\n", "    {\n", "\n    }"));
  }

  /** The only bound that EC2 knows for what it describes (service authorization reference). */
  private static String condition(SortedSet<String> actions, List<String> resources) {
    return actions.first().startsWith("ec2:") && resources.equals(List.of("*"))
        ? "\"Condition\": { \"StringEquals\": { \"ec2:Region\": \"REGION\" } }"
        : "";
  }

  private static String list(Collection<String> texts) {
    return texts.stream()
        .map(IamPolicy::quoted)
        .collect(Collectors.joining(",\n        ", "[\n        ", "\n      ]"));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** Such as Ec2All or EksCluster: letters and digits, as a Sid must be. */
  private static String statement(Iam right) {
    var service = right.action().substring(0, right.action().indexOf(':'));
    var resource = right.resources().get(0);
    var about = resource.equals("*") ? "all" : kind(resource);
    return Stream.of((service + "-" + about).split("[^A-Za-z0-9]+", -1))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  /** Of {@code arn:aws:eks:REGION:ACCOUNT:cluster/CLUSTER} the word before the slash. */
  private static String kind(String arn) {
    var resource = arn.substring(arn.lastIndexOf(':') + 1);
    return resource.contains("/") ? resource.substring(0, resource.indexOf('/')) : resource;
  }
}
