package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * R35, R59: a Service of type LoadBalancer has no load balancer, because its controller finds no
 * subnets or fails otherwise.
 */
final class ServiceNotReconciled implements DiagnosisRule {
  /** A network load balancer needs a subnet in one zone. */
  private static final int MIN_ZONES = 1;

  /** By then the controller has retried after another rule's cause was fixed. */
  private static final Duration RETRY = Duration.ofMinutes(3);

  private static final Set<ReconcileCause> SUBNETS =
      EnumSet.of(ReconcileCause.SUBNET_DISCOVERY, ReconcileCause.SUBNET_EXHAUSTED);

  private static final Set<ReconcileCause> EXPLAINED =
      EnumSet.of(
          ReconcileCause.DNS,
          ReconcileCause.CREDENTIALS,
          ReconcileCause.CREDENTIALS_TRUST_POLICY,
          ReconcileCause.IMDS_UNREACHABLE);

  private static final String ANNOTATIONS = "service.beta.kubernetes.io/aws-load-balancer-";

  private record Failure(KubeService service, Reconcile last, LbSubnetDiscovery subnets) {
    private String scope() {
      return "service/" + service.namespace() + "/" + service.name();
    }

    private boolean lacksSubnets() {
      return dependsOnTags() && subnets.areLacking();
    }

    private boolean dependsOnTags() {
      return SUBNETS.contains(last.cause())
          && !service.annotations().containsKey(ANNOTATIONS + "subnets");
    }

    /** Subnets and events are read at different times. */
    private boolean mayBeExplained() {
      return EXPLAINED.contains(last.cause()) || dependsOnTags();
    }

    private String fault() {
      return lacksSubnets() ? "subnets " + subnets.scheme().label() : last.cause().label();
    }
  }

  /** One finding for each scheme that lacks subnets, and for each other class of error. */
  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.list(Resources.SERVICES).stream()
        .filter(service -> service.type().equals("LoadBalancer"))
        .filter(service -> service.addresses().isEmpty())
        .flatMap(
            service ->
                service.reconcile().filter(Reconcile::failing).stream()
                    .filter(last -> !ReconcileFailure.hasOwnRule(last))
                    .map(last -> failure(service, last, evidence)))
        .collect(groupingBy(Failure::fault, TreeMap::new, toList()))
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
    return (first.lacksSubnets() ? first.subnets().finding(first.scope()) : failing(first))
        .evidenceIf(
            !others.isEmpty(),
            "%d other Services fail for the same reason: %s"
                .formatted(others.size(), FindingText.list(others)))
        .affects(others)
        .build();
  }

  private static Finding.Builder failing(Failure failure) {
    var last = failure.last();
    return Finding.builder(RootCause.LB_RECONCILE_FAILING, failure.scope(), 80)
        .evidence(
            "%s (%s), %d times: \"%s\""
                .formatted(last.reason(), last.cause().label(), last.count(), last.message()))
        .fix(ReconcileRemedy.of(last.cause()))
        .holdFor(failure.mayBeExplained() ? RETRY : Duration.ZERO);
  }
}
