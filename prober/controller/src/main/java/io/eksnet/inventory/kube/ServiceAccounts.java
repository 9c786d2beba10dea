package io.eksnet.inventory.kube;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The roles that the service accounts of components are annotated with, asked for by name: they are
 * not watched. Confined to one thread.
 */
final class ServiceAccounts {
  private static final String ROLE = "eks.amazonaws.com/role-arn";
  private static final int MOST = 12;

  private final ApiClient question;
  private final Executor thread;
  private final Duration every;
  private final Map<String, Optional<String>> roles = new HashMap<>();
  private Instant asked = Instant.EPOCH;
  private long answers;

  ServiceAccounts(ApiClient question, Executor thread, Duration every) {
    this.question = question;
    this.thread = thread;
    this.every = every;
  }

  /** Asks for those of these components, when it is time or one is new. */
  void tick(Instant now, Collection<CachedWorkload> workloads) {
    var wanted =
        workloads.stream()
            .filter(w -> Roles.SERVICE_ACCOUNTS.contains(w.serviceAccount()))
            .map(w -> w.namespace() + "/" + w.serviceAccount())
            .distinct()
            .limit(MOST)
            .toList();
    roles.keySet().retainAll(wanted);
    if (!now.isBefore(asked.plus(every)) || !roles.keySet().containsAll(wanted)) {
      asked = now;
      ask(wanted);
    }
  }

  private void ask(List<String> wanted) {
    for (var account : wanted) {
      roles.putIfAbsent(account, Optional.empty());
      var slash = account.indexOf('/');
      question
          .object(
              "/api/v1/namespaces/%s/serviceaccounts/%s"
                  .formatted(account.substring(0, slash), account.substring(slash + 1)))
          .thenApply(ServiceAccounts::role)
          .whenCompleteAsync(
              (role, error) -> {
                roles.replace(account, error == null ? Optional.of(role) : Optional.empty());
                answers++;
              },
              thread);
    }
  }

  static String role(String json) {
    return Optional.ofNullable(new JsonObject(json).getJsonObject("metadata"))
        .map(meta -> meta.getJsonObject("annotations"))
        .map(annotations -> annotations.getString(ROLE, ""))
        .orElse("");
  }

  /** The role of an account, an empty one if it has none; empty Optional: not known. */
  Optional<String> role(String namespace, String account) {
    return roles.getOrDefault(namespace + "/" + account, Optional.empty());
  }

  /** Grows with each answer. */
  long answers() {
    return answers;
  }
}
