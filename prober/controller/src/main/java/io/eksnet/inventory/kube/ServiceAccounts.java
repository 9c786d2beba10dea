package io.eksnet.inventory.kube;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The IAM roles of the components' service accounts. They are read by name and not watched, so that
 * no permission for all service accounts is needed. Confined to one thread.
 */
final class ServiceAccounts {
  private static final String ROLE_ANNOTATION = "eks.amazonaws.com/role-arn";
  private static final int MAX_ACCOUNTS = 12;

  private final ApiClient api;
  private final Executor thread;
  private final Duration interval;
  private final Map<String, Optional<String>> roles = new HashMap<>();
  private final Set<String> unanswered = new HashSet<>();
  private Instant requestedAt = Instant.EPOCH;
  private long responses;

  ServiceAccounts(ApiClient api, Executor thread, Duration interval) {
    this.api = api;
    this.thread = thread;
    this.interval = interval;
  }

  /** Requests the accounts of these components if the interval is over or one is new. */
  void refresh(Instant now, Collection<CachedWorkload> workloads) {
    var wanted =
        workloads.stream()
            .filter(w -> Roles.SERVICE_ACCOUNTS.contains(w.serviceAccount()))
            .map(w -> w.namespace() + "/" + w.serviceAccount())
            .distinct()
            .limit(MAX_ACCOUNTS)
            .toList();
    roles.keySet().retainAll(wanted);
    unanswered.retainAll(wanted);
    if (!now.isBefore(requestedAt.plus(interval)) || !roles.keySet().containsAll(wanted)) {
      requestedAt = now;
      request(wanted);
    }
  }

  private void request(List<String> wanted) {
    for (var account : wanted) {
      if (roles.putIfAbsent(account, Optional.empty()) == null) {
        unanswered.add(account);
      }
      var slash = account.indexOf('/');
      api.object(
              "/api/v1/namespaces/%s/serviceaccounts/%s"
                  .formatted(account.substring(0, slash), account.substring(slash + 1)))
          .thenApply(ServiceAccounts::role)
          .whenCompleteAsync(
              (role, error) -> {
                roles.replace(account, error == null ? Optional.of(role) : Optional.empty());
                unanswered.remove(account);
                responses++;
              },
              thread);
    }
  }

  static String role(String json) {
    return Optional.ofNullable(new JsonObject(json).getJsonObject("metadata"))
        .map(meta -> meta.getJsonObject("annotations"))
        .map(annotations -> annotations.getString(ROLE_ANNOTATION, ""))
        .orElse("");
  }

  /** The role of an account, an empty text if it has none; empty Optional: unknown. */
  Optional<String> role(String namespace, String account) {
    return roles.getOrDefault(namespace + "/" + account, Optional.empty());
  }

  /** Whether each account has had a response, or an error, since it was first requested. */
  boolean areRead() {
    return unanswered.isEmpty();
  }

  /** Grows with each response. */
  long responses() {
    return responses;
  }
}
