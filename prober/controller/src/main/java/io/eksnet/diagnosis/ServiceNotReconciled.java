package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;

/** R35: no load balancer for a Service, because its controller finds no subnets. */
final class ServiceNotReconciled implements DiagnosisRule {
  /** A network load balancer needs a subnet in one zone. */
  private static final int MIN_ZONES = 1;

  private static final String ANNOTATIONS = "service.beta.kubernetes.io/aws-load-balancer-";

  private record Failure(KubeService service, Reconcile last, LbSubnetDiscovery subnets) {
    private String scope() {
      return "service/" + service.namespace() + "/" + service.name();
    }
  }

  /** One finding for each scheme: all its Services lack the same subnets. */
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.list(Resources.SERVICES).stream()
        .filter(service -> service.type().equals("LoadBalancer"))
        .filter(service -> service.addresses().isEmpty())
        .filter(service -> !service.annotations().containsKey(ANNOTATIONS + "subnets"))
        .flatMap(
            service ->
                service.reconcile().stream()
                    .filter(Reconcile::failing)
                    .filter(last -> last.cause() == ReconcileCause.SUBNET_DISCOVERY)
                    .map(last -> failure(service, last, evidence)))
        .filter(failure -> failure.subnets().areLacking())
        .collect(groupingBy(failure -> failure.subnets().scheme(), TreeMap::new, toList()))
        .values()
        .stream()
        .map(ServiceNotReconciled::finding);
  }

  /** Without a statement of the scheme, the one that lacks subnets. */
  private static Failure failure(KubeService service, Reconcile last, EvidenceIndex evidence) {
    var schemes = schemes(service, last);
    return schemes.stream()
        .map(scheme -> new LbSubnetDiscovery(scheme, MIN_ZONES, last, evidence))
        .filter(LbSubnetDiscovery::areLacking)
        .findFirst()
        .map(subnets -> new Failure(service, last, subnets))
        .orElseGet(
            () ->
                new Failure(
                    service,
                    last,
                    new LbSubnetDiscovery(schemes.get(0), MIN_ZONES, last, evidence)));
  }

  private static List<Scheme> schemes(KubeService service, Reconcile last) {
    var scheme = service.annotations().getOrDefault(ANNOTATIONS + "scheme", "");
    var internal = service.annotations().getOrDefault(ANNOTATIONS + "internal", "");
    if (last.message().contains("internal-elb")
        || scheme.equals("internal")
        || internal.toLowerCase(Locale.ROOT).equals("true")) {
      return List.of(Scheme.INTERNAL);
    }
    return last.message().contains("role/elb") || scheme.equals("internet-facing")
        ? List.of(Scheme.INTERNET_FACING)
        : List.of(Scheme.INTERNAL, Scheme.INTERNET_FACING);
  }

  private static Finding finding(List<Failure> failures) {
    var first = failures.get(0);
    var others = failures.stream().skip(1).map(Failure::scope).toList();
    return first
        .subnets()
        .finding(first.scope())
        .evidenceIf(
            !others.isEmpty(),
            "%d other Services fail for the same reason: %s"
                .formatted(others.size(), FindingText.list(others)))
        .affects(others)
        .build();
  }
}
