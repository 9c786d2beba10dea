package io.eksnet.diagnosis;

import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a controller last reported about an object that it fails to reconcile, about an instance
 * that it fails to launch, or about itself when its pods terminate.
 *
 * @param scope the object, such as {@code ingress/shop/web}
 * @param shared what objects of one load balancer have in common: the group of an Ingress, else the
 *     object itself
 * @param message of the event or of the terminated container
 * @param repeated whether it was reported more than once with the same words
 */
record ReconcileFailure(
    String scope, String shared, ReconcileCause cause, String message, boolean repeated) {
  /** Causes with a rule of their own; the rules of single objects leave them out. */
  private static final Set<ReconcileCause> OWN_RULE =
      EnumSet.of(
          ReconcileCause.QUOTA_EXCEEDED,
          ReconcileCause.WEBHOOK_UNREACHABLE,
          ReconcileCause.WEBHOOK_CERTIFICATE,
          ReconcileCause.AWS_API_UNREACHABLE,
          ReconcileCause.LB_CERTIFICATE);

  static boolean hasOwnRule(Reconcile last) {
    return OWN_RULE.contains(last.cause());
  }

  /** The failures of this cause, Ingresses first. */
  static Stream<ReconcileFailure> of(ReconcileCause cause, EvidenceIndex evidence) {
    return Stream.of(
            ingresses(evidence),
            gateways(evidence),
            services(evidence),
            bindings(evidence),
            launches(evidence),
            components(evidence))
        .flatMap(failures -> failures)
        .filter(failure -> failure.cause() == cause);
  }

  private static Stream<ReconcileFailure> ingresses(EvidenceIndex evidence) {
    return evidence.list(Resources.INGRESSES).stream()
        .flatMap(
            ingress ->
                ingress.reconcile().filter(Reconcile::failing).stream()
                    .map(last -> failure(scope(ingress), shared(ingress), last)));
  }

  private static Stream<ReconcileFailure> services(EvidenceIndex evidence) {
    return evidence.list(Resources.SERVICES).stream()
        .filter(service -> service.type().equals("LoadBalancer"))
        .flatMap(
            service ->
                service.reconcile().filter(Reconcile::failing).stream()
                    .map(
                        last ->
                            failure(
                                "service/%s/%s".formatted(service.namespace(), service.name()),
                                last)));
  }

  private static Stream<ReconcileFailure> gateways(EvidenceIndex evidence) {
    return evidence.list(Resources.GATEWAYS).stream()
        .flatMap(
            gateway ->
                gateway.reconcile().filter(Reconcile::failing).stream()
                    .map(last -> failure("gateway/" + gateway.fullName(), last)));
  }

  private static Stream<ReconcileFailure> bindings(EvidenceIndex evidence) {
    return evidence.list(Resources.TARGET_GROUP_BINDINGS).stream()
        .flatMap(
            binding ->
                binding.reconcile().filter(Reconcile::failing).stream()
                    .map(
                        last ->
                            failure(
                                "targetgroupbinding/%s/%s"
                                    .formatted(binding.namespace(), binding.name()),
                                last)));
  }

  /** Karpenter retries a launch for five minutes: a claim that still waits failed again. */
  private static Stream<ReconcileFailure> launches(EvidenceIndex evidence) {
    return evidence.list(Resources.NODE_CLAIMS).stream()
        .filter(claim -> !claim.isLaunched())
        .map(
            claim -> {
              var scope =
                  claim.nodePool().isEmpty()
                      ? "nodeclaim/" + claim.name()
                      : "nodepool/" + claim.nodePool();
              return new ReconcileFailure(
                  scope,
                  scope,
                  claim.cause(),
                  "%s: %s".formatted(claim.pending().reason(), claim.pending().message()),
                  false);
            });
  }

  private static Stream<ReconcileFailure> components(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .filter(Component::isUnhealthy)
        .map(
            component -> {
              var scope = "component/" + component.name();
              return new ReconcileFailure(
                  scope, scope, component.cause(), component.message(), component.crashLoop());
            });
  }

  private static String scope(KubeIngress ingress) {
    return "ingress/%s/%s".formatted(ingress.namespace(), ingress.name());
  }

  private static String shared(KubeIngress ingress) {
    return ingress.group().isEmpty() ? scope(ingress) : "group " + ingress.group();
  }

  private static ReconcileFailure failure(String scope, Reconcile last) {
    return failure(scope, scope, last);
  }

  private static ReconcileFailure failure(String scope, String shared, Reconcile last) {
    return new ReconcileFailure(scope, shared, last.cause(), last.message(), last.count() > 1);
  }
}
