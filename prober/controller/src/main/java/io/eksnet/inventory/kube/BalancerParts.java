package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.TargetGroupBinding;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The parts that stand for load balancers: Ingresses and TargetGroupBindings. */
final class BalancerParts {
  private BalancerParts() {}

  /**
   * Ingresses with what their class prescribes and how their reconciling went.
   *
   * @param foreign classes of other controllers: what ours said of their Ingresses is of the past
   */
  static List<KubeIngress> ingresses(
      Collection<KubeIngress> ingresses,
      Map<String, CachedIngressClass.Parameters> parameters,
      Set<String> foreign,
      Reconciles reconciles) {
    return ingresses.stream()
        .sorted(Comparator.comparing(KubeIngress::namespace).thenComparing(KubeIngress::name))
        .map(
            i ->
                with(
                    i,
                    Optional.ofNullable(parameters.get(i.className())),
                    foreign.contains(i.className())
                        ? Optional.empty()
                        : reconciles.about("Ingress", i.namespace(), i.name())))
        .toList();
  }

  /** Classes that no controller of application load balancers serves. */
  static Set<String> foreign(Collection<CachedIngressClass> classes) {
    return classes.stream()
        .map(CachedIngressClass::ingressClass)
        .filter(ingressClass -> !ingressClass.isAlb())
        .map(IngressClass::name)
        .collect(Collectors.toSet());
  }

  /** What the classes prescribe, by the name of the class. */
  static Map<String, CachedIngressClass.Parameters> parameters(
      Collection<CachedIngressClass> classes,
      Collection<CachedIngressClass.Parameters> ofTheController,
      Collection<CachedIngressClass.Parameters> ofAutoMode) {
    var elb = byName(ofTheController);
    var auto = byName(ofAutoMode);
    return classes.stream()
        .flatMap(c -> found(c, elb, auto).map(p -> Map.entry(c.ingressClass().name(), p)).stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a));
  }

  /** TargetGroupBindings and how their reconciling went. */
  static List<TargetGroupBinding> bindings(
      Collection<TargetGroupBinding> bindings, Reconciles reconciles) {
    return bindings.stream()
        .sorted(
            Comparator.comparing(TargetGroupBinding::namespace)
                .thenComparing(TargetGroupBinding::name))
        .map(b -> with(b, reconciles))
        .toList();
  }

  private static Optional<CachedIngressClass.Parameters> found(
      CachedIngressClass seen,
      Map<String, CachedIngressClass.Parameters> elb,
      Map<String, CachedIngressClass.Parameters> auto) {
    var slash = seen.parameters().indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    var from = seen.parameters().startsWith("eks.amazonaws.com/") ? auto : elb;
    return Optional.ofNullable(from.get(seen.parameters().substring(slash + 1)));
  }

  private static Map<String, CachedIngressClass.Parameters> byName(
      Collection<CachedIngressClass.Parameters> parameters) {
    return parameters.stream()
        .collect(
            Collectors.toMap(
                CachedIngressClass.Parameters::name, Function.identity(), (a, b) -> a));
  }

  /** The parameters of the class come before the annotations of the Ingress. */
  private static KubeIngress with(
      KubeIngress ingress,
      Optional<CachedIngressClass.Parameters> parameters,
      Optional<Reconcile> reconcile) {
    Scheme scheme =
        parameters
            .map(CachedIngressClass.Parameters::scheme)
            .filter(s -> !s.isEmpty())
            .map(IngressTransform::scheme)
            .orElse(ingress.scheme());
    return new KubeIngress(
        ingress.namespace(),
        ingress.name(),
        ingress.className(),
        parameters
            .map(CachedIngressClass.Parameters::group)
            .filter(g -> !g.isEmpty())
            .orElse(ingress.group()),
        scheme,
        ingress.rules(),
        ingress.tls(),
        ingress.addresses(),
        ingress.annotations(),
        reconcile,
        ingress.created());
  }

  private static TargetGroupBinding with(TargetGroupBinding binding, Reconciles reconciles) {
    return new TargetGroupBinding(
        binding.api(),
        binding.namespace(),
        binding.name(),
        binding.service(),
        binding.servicePort(),
        binding.targetGroupArn(),
        binding.targetType(),
        binding.crossAccount(),
        reconciles.about("TargetGroupBinding", binding.namespace(), binding.name()));
  }
}
