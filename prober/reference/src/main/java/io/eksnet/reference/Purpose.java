package io.eksnet.reference;

import io.eksnet.inventory.Permission;
import io.eksnet.inventory.aws.AwsFacts;
import io.eksnet.inventory.dns.IngressHosts;
import io.eksnet.inventory.kube.KubeFacts;
import io.eksnet.inventory.kube.LeaderElector;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The use of permissions: an inventory resource, or the leader election.
 *
 * @param meaning what is not known without them, one clause
 */
public record Purpose(String name, String meaning, List<Permission> permissions) {
  private static final String LEASE = "eksnet-controller";

  public Purpose {
    permissions = List.copyOf(permissions);
  }

  /** Those of this program, as its sources declare them: every right that it has is here. */
  public static List<Purpose> all() {
    var kube = new HashMap<>(KubeFacts.permissions());
    kube.putAll(KubeFacts.optionalPermissions());
    var aws = AwsFacts.permissions();
    var all = new ArrayList<Purpose>();
    for (var part : Resources.all()) {
      all.add(new Purpose(part.name(), part.meaning(), of(part, kube, aws)));
    }
    all.add(
        new Purpose(
            "election",
            "which of the controllers leads; without it none does",
            LeaderElector.permissions(LEASE)));
    return List.copyOf(all);
  }

  /** All permissions of these purposes, except those that only some settings need. */
  static List<Permission> rights(List<Purpose> purposes) {
    var optional = optionalRights();
    return purposes.stream()
        .flatMap(purpose -> purpose.permissions().stream())
        .filter(right -> !optional.contains(right))
        .toList();
  }

  /** The permissions that {@code probe_resources.namespaces} needs. */
  static List<Permission> optionalRights() {
    return KubeFacts.optionalPermissions().values().stream().flatMap(List::stream).toList();
  }

  private static List<Permission> of(
      Resource<?> part,
      Map<Resource<?>, List<Permission>> kube,
      Map<Resource<?>, List<Permission>> aws) {
    if (part.equals(Resources.INGRESS_HOSTS)) {
      return IngressHosts.PERMISSIONS;
    }
    var known = kube.containsKey(part) ? kube : aws;
    var rights = known.get(part);
    if (rights == null) {
      throw new IllegalStateException(
          "nothing is declared for " + part.name() + "; add it to the permissions of its source");
    }
    return rights;
  }
}
