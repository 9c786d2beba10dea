package io.eksnet.reference;

import io.eksnet.inventory.Permission;
import io.eksnet.inventory.Permission.Iam;
import io.eksnet.inventory.Permission.Rbac;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page about the rights of the controller. */
public final class PermissionsPage {
  private static final String HEAD =
      """
      # Permissions

      *Written by `make reference` from the program itself; changes by hand are lost.*

      The controller reads, and writes nothing but its Lease. Agents have no rights at all. Each right is
      declared by the source that uses it; of these declarations are made
      [k8s/iam-policy.json](../../k8s/iam-policy.json), with `REGION`, `ACCOUNT` and `CLUSTER` to fill in
      (and another partition than `aws` where you are in one), and [k8s/rbac.yaml](../../k8s/rbac.yaml),
      with `NAMESPACE` to fill in.

      A right that is missing makes the parts that need it unknown, or takes from them what it alone can
      tell, such as a zone: their series are absent and never 0, a refusal by AWS is counted as
      `eksnet_aws_api_requests_total{outcome="denied"}`, and everything else goes on. So take away what you
      do not want to give.

      """;

  private PermissionsPage() {}

  /** The page: what each right serves, and what each part needs. */
  public static String markdown(List<Purpose> purposes) {
    return HEAD
        + "## AWS\n\n| action | on | serves |\n|---|---|---|\n"
        + rows(purposes, Iam.class, PermissionsPage::aws)
        + "\n## Kubernetes\n\n| resource | verbs | where | serves |\n|---|---|---|---|\n"
        + rows(purposes, Rbac.class, PermissionsPage::kubernetes)
        + "\n## What is lost without them\n\n| part | what it knows | needs |\n|---|---|---|\n"
        + purposes.stream().map(PermissionsPage::row).collect(Collectors.joining());
  }

  private static <P extends Permission> String rows(
      List<Purpose> purposes, Class<P> type, Function<P, String> cells) {
    SortedMap<String, TreeSet<String>> serves = new TreeMap<>();
    for (var purpose : purposes) {
      purpose.permissions().stream()
          .filter(type::isInstance)
          .map(type::cast)
          .map(cells)
          .forEach(
              right -> serves.computeIfAbsent(right, r -> new TreeSet<>()).add(purpose.name()));
    }
    return serves.entrySet().stream()
        .map(row -> row.getKey() + codes(row.getValue().stream()) + " |\n")
        .collect(Collectors.joining());
  }

  private static String aws(Iam right) {
    return "| `" + right.action() + "` | " + codes(right.resources().stream()) + " | ";
  }

  private static String kubernetes(Rbac right) {
    var names = right.names().isEmpty() ? "" : ", only " + codes(right.names().stream());
    return "| `%s` | %s | %s%s | "
        .formatted(resource(right), String.join(", ", right.verbs()), where(right), names);
  }

  private static String where(Rbac right) {
    return switch (right.namespace()) {
      case "" -> "everywhere";
      case "." -> "its own namespace";
      default -> "`" + right.namespace() + "`";
    };
  }

  private static String row(Purpose purpose) {
    var needs = codes(purpose.permissions().stream().map(PermissionsPage::name).distinct());
    return "| `%s` | %s | %s |\n"
        .formatted(purpose.name(), purpose.meaning(), needs.isEmpty() ? "nothing" : needs);
  }

  private static String name(Permission right) {
    return right instanceof Rbac rbac ? resource(rbac) : ((Iam) right).action();
  }

  private static String resource(Rbac right) {
    return right.group().isEmpty() ? right.resource() : right.resource() + "." + right.group();
  }

  private static String codes(Stream<String> words) {
    return words.map(word -> "`" + word + "`").collect(Collectors.joining(", "));
  }
}
