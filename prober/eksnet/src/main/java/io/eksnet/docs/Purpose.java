package io.eksnet.docs;

import io.eksnet.core.inventory.Part;
import io.eksnet.core.inventory.Parts;
import io.eksnet.fact.api.Permission;
import io.eksnet.fact.aws.AwsFacts;
import io.eksnet.fact.kube.KubeFacts;
import io.eksnet.fact.kube.Leadership;
import io.eksnet.fact.names.IngressHosts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What rights are for: a part of the inventory, or the election.
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
    var kube = KubeFacts.permissions();
    var aws = AwsFacts.permissions();
    var all = new ArrayList<Purpose>();
    for (var part : Parts.all()) {
      all.add(new Purpose(part.name(), part.meaning(), of(part, kube, aws)));
    }
    all.add(
        new Purpose(
            "election",
            "which of the controllers leads; without it none does",
            Leadership.permissions(LEASE)));
    return List.copyOf(all);
  }

  /** All rights of these purposes. */
  static List<Permission> rights(List<Purpose> purposes) {
    return purposes.stream().flatMap(purpose -> purpose.permissions().stream()).toList();
  }

  private static List<Permission> of(
      Part<?> part, Map<Part<?>, List<Permission>> kube, Map<Part<?>, List<Permission>> aws) {
    if (part.equals(Parts.INGRESS_HOSTS)) {
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
