package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.CniSettings;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NetworkInterface;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.ServicePod;
import io.eksnet.model.inventory.TargetHealth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The network interface of a target, found in the order of the AWS Load Balancer Controller: branch
 * interface of the pod, instance of the pod, address.
 */
final class TargetInterfaces {
  private final Map<String, ServicePod> pods = new HashMap<>();
  private final Map<String, KubeNode> nodes;
  private final boolean branchGroupsOnly;

  private TargetInterfaces(Inventory inventory) {
    for (var pod : inventory.list(Resources.SERVICE_PODS)) {
      pods.merge(pod.ip(), pod, (a, b) -> a.ready() ? a : b);
    }
    nodes =
        inventory.list(Resources.NODES).stream()
            .collect(Collectors.toMap(KubeNode::name, Function.identity(), (a, b) -> a));
    branchGroupsOnly = inventory.get(Resources.CNI_SETTINGS).map(CniSettings::strict).orElse(true);
  }

  static TargetInterfaces of(Inventory inventory) {
    return new TargetInterfaces(inventory);
  }

  /**
   * The interfaces to read from EC2.
   *
   * @param ids of branch interfaces
   * @param instances all of whose interfaces are needed
   * @param addresses of targets without a known pod or instance, as on Fargate
   */
  record Wanted(List<String> ids, List<String> instances, List<String> addresses) {}

  /**
   * The interface of a target.
   *
   * @param alternative the primary interface of the node, where its groups apply too
   * @param address of the target
   */
  record Found(NetworkInterface nic, Optional<NetworkInterface> alternative, String address) {}

  Wanted wanted(List<TargetHealth> targets) {
    var ids = new TreeSet<String>();
    var instances = new TreeSet<String>();
    var addresses = new TreeSet<String>();
    for (var target : targets) {
      if (isInstance(target)) {
        instances.add(target.id());
        continue;
      }
      var branch = branchOf(target);
      var instance = instanceOf(target);
      branch.ifPresent(ids::add);
      instance.filter(any -> branch.isEmpty() || !branchGroupsOnly).ifPresent(instances::add);
      if (branch.isEmpty() && instance.isEmpty()) {
        addresses.add(target.id());
      }
    }
    return new Wanted(List.copyOf(ids), List.copyOf(instances), List.copyOf(addresses));
  }

  /** The interface of a target, if it is in the index. */
  Optional<Found> find(TargetHealth target, InterfaceIndex interfaces) {
    if (isInstance(target)) {
      return interfaces
          .primaryOf(target.id())
          .filter(nic -> !nic.addresses().isEmpty())
          .map(nic -> new Found(nic, Optional.empty(), nic.addresses().get(0)));
    }
    var branch = branchOf(target);
    if (branch.isPresent()) {
      var primary =
          branchGroupsOnly ? Optional.<NetworkInterface>empty() : primary(target, interfaces);
      return interfaces.byId(branch.get()).map(nic -> new Found(nic, primary, target.id()));
    }
    var nic =
        onHostNetwork(target) ? primary(target, interfaces) : interfaces.withAddress(target.id());
    return nic.map(found -> new Found(found, Optional.empty(), target.id()));
  }

  private static boolean isInstance(TargetHealth target) {
    return target.id().startsWith("i-");
  }

  private Optional<String> branchOf(TargetHealth target) {
    return pod(target).flatMap(ServicePod::branchInterface);
  }

  private boolean onHostNetwork(TargetHealth target) {
    return pod(target).filter(ServicePod::hostNetwork).isPresent()
        && instanceOf(target).isPresent();
  }

  private Optional<NetworkInterface> primary(TargetHealth target, InterfaceIndex interfaces) {
    return instanceOf(target).flatMap(interfaces::primaryOf);
  }

  private Optional<String> instanceOf(TargetHealth target) {
    return pod(target)
        .map(pod -> nodes.get(pod.node()))
        .map(KubeNode::instanceId)
        .filter(id -> !id.isEmpty());
  }

  private Optional<ServicePod> pod(TargetHealth target) {
    return Optional.ofNullable(pods.get(target.id()));
  }
}
