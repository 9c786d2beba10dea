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

/** Which network interface a target is behind, in the order of the load balancer controller. */
final class TargetInterfaces {
  private final Map<String, ServicePod> pods = new HashMap<>();
  private final Map<String, KubeNode> nodes;
  private final boolean onlyBranch;

  private TargetInterfaces(Inventory known) {
    for (var pod : known.list(Resources.SERVICE_PODS)) {
      pods.merge(pod.ip(), pod, (a, b) -> a.ready() ? a : b);
    }
    nodes =
        known.list(Resources.NODES).stream()
            .collect(Collectors.toMap(KubeNode::name, Function.identity(), (a, b) -> a));
    onlyBranch = known.get(Resources.CNI_SETTINGS).map(CniSettings::strict).orElse(true);
  }

  static TargetInterfaces of(Inventory known) {
    return new TargetInterfaces(known);
  }

  /**
   * What must be asked of EC2 to find the interfaces of targets.
   *
   * @param ids of branch interfaces
   * @param instances all of whose interfaces are needed
   * @param addresses of targets of which nothing else is known, as on Fargate
   */
  record Wanted(List<String> ids, List<String> instances, List<String> addresses) {}

  /**
   * An interface, and the other one whose groups may apply as well.
   *
   * @param address where it is reached
   */
  record Found(NetworkInterface nic, Optional<NetworkInterface> also, String address) {}

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
      instance.filter(any -> branch.isEmpty() || !onlyBranch).ifPresent(instances::add);
      if (branch.isEmpty() && instance.isEmpty()) {
        addresses.add(target.id());
      }
    }
    return new Wanted(List.copyOf(ids), List.copyOf(instances), List.copyOf(addresses));
  }

  /** The interface of a target among {@code known}, if it is there and there is only one. */
  Optional<Found> find(TargetHealth target, InterfaceIndex known) {
    if (isInstance(target)) {
      return known
          .primaryOf(target.id())
          .filter(nic -> !nic.addresses().isEmpty())
          .map(nic -> new Found(nic, Optional.empty(), nic.addresses().get(0)));
    }
    var branch = branchOf(target);
    if (branch.isPresent()) {
      var primary = onlyBranch ? Optional.<NetworkInterface>empty() : primary(target, known);
      return known.byId(branch.get()).map(nic -> new Found(nic, primary, target.id()));
    }
    var nic = onHost(target) ? primary(target, known) : known.withAddress(target.id());
    return nic.map(found -> new Found(found, Optional.empty(), target.id()));
  }

  private static boolean isInstance(TargetHealth target) {
    return target.id().startsWith("i-");
  }

  private Optional<String> branchOf(TargetHealth target) {
    return pod(target).flatMap(ServicePod::branchInterface);
  }

  private boolean onHost(TargetHealth target) {
    return pod(target).filter(ServicePod::hostNetwork).isPresent()
        && instanceOf(target).isPresent();
  }

  private Optional<NetworkInterface> primary(TargetHealth target, InterfaceIndex known) {
    return instanceOf(target).flatMap(known::primaryOf);
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
