package io.eksnet.inventory.kube;

import static io.eksnet.inventory.kube.KubeObjects.list;
import static io.eksnet.inventory.kube.KubeObjects.text;

import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.Scheme;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Resources that are computed from Ingresses and IngressClasses. */
final class IngressSources {
  private static final String ALB = "alb.ingress.kubernetes.io/";

  private IngressSources() {}

  /** What is kept of an Ingress; the parameters of its class and its events are added later. */
  static Optional<KubeIngress> ingress(Ingress ingress) {
    var spec = ingress.getSpec();
    if (spec == null) {
      return Optional.empty();
    }
    var kept = KubeObjects.keptAnnotations(ingress);
    return Optional.of(
        new KubeIngress(
            KubeObjects.namespace(ingress),
            KubeObjects.name(ingress),
            Optional.ofNullable(spec.getIngressClassName())
                .orElse(kept.getOrDefault("kubernetes.io/ingress.class", "")),
            kept.getOrDefault(ALB + "group.name", ""),
            scheme(kept.getOrDefault(ALB + "scheme", "")),
            rules(spec),
            tls(spec, kept),
            addresses(ingress),
            kept,
            Optional.empty(),
            KubeObjects.created(ingress)));
  }

  /** The AWS Load Balancer Controller defaults to internal. */
  static Scheme scheme(String text) {
    return text.equals("internet-facing") ? Scheme.INTERNET_FACING : Scheme.INTERNAL;
  }

  private static boolean tls(IngressSpec spec, Map<String, String> annotations) {
    return !list(spec.getTls()).isEmpty()
        || annotations.containsKey(ALB + "certificate-arn")
        || annotations.getOrDefault(ALB + "listen-ports", "").contains("HTTPS");
  }

  private static List<IngressRule> rules(IngressSpec spec) {
    var named =
        list(spec.getRules()).stream()
            .filter(rule -> rule.getHttp() != null)
            .flatMap(
                rule ->
                    list(rule.getHttp().getPaths()).stream()
                        .flatMap(
                            path ->
                                rule(rule.getHost(), path.getPath(), path.getBackend()).stream()));
    return Stream.concat(named, rule("", "", spec.getDefaultBackend()).stream()).toList();
  }

  private static Optional<IngressRule> rule(
      @Nullable String host, @Nullable String path, @Nullable IngressBackend backend) {
    return Optional.ofNullable(backend)
        .map(IngressBackend::getService)
        .map(
            service -> {
              var port = Optional.ofNullable(service.getPort());
              return new IngressRule(
                  text(host),
                  text(path),
                  text(service.getName()),
                  port.map(p -> p.getName())
                      .or(() -> port.map(p -> p.getNumber()).map(String::valueOf))
                      .orElse(""));
            });
  }

  private static List<String> addresses(Ingress ingress) {
    return Optional.ofNullable(ingress.getStatus())
        .map(status -> status.getLoadBalancer())
        .map(balancer -> balancer.getIngress())
        .orElse(List.of())
        .stream()
        .map(i -> i.getHostname() != null ? i.getHostname() : text(i.getIp()))
        .filter(a -> !a.isEmpty())
        .toList();
  }

  /**
   * Ingresses with the parameters of their class and their last reconcile event.
   *
   * @param otherControllersClasses whose Ingresses only have events from before a change of class
   */
  static List<KubeIngress> ingresses(
      Collection<KubeIngress> ingresses,
      Map<String, CachedIngressClass.Parameters> parameters,
      Set<String> otherControllersClasses,
      Reconciles reconciles) {
    return ingresses.stream()
        .sorted(Comparator.comparing(KubeIngress::namespace).thenComparing(KubeIngress::name))
        .map(
            i ->
                merge(
                    i,
                    Optional.ofNullable(parameters.get(i.className())),
                    otherControllersClasses.contains(i.className())
                        ? Optional.empty()
                        : reconciles.of("Ingress", i.namespace(), i.name())))
        .toList();
  }

  /** Names of the classes that are not for ALBs. */
  static Set<String> otherControllersClasses(Collection<CachedIngressClass> classes) {
    return classes.stream()
        .map(CachedIngressClass::ingressClass)
        .filter(ingressClass -> !ingressClass.isAlb())
        .map(IngressClass::name)
        .collect(Collectors.toSet());
  }

  /** The parameters of the classes, by the name of the class. */
  static Map<String, CachedIngressClass.Parameters> parameters(
      Collection<CachedIngressClass> classes,
      Collection<CachedIngressClass.Parameters> lbcParameters,
      Collection<CachedIngressClass.Parameters> autoModeParameters) {
    var elb = byName(lbcParameters);
    var auto = byName(autoModeParameters);
    return classes.stream()
        .flatMap(
            c ->
                parametersOf(c, elb, auto).map(p -> Map.entry(c.ingressClass().name(), p)).stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a));
  }

  private static Optional<CachedIngressClass.Parameters> parametersOf(
      CachedIngressClass ingressClass,
      Map<String, CachedIngressClass.Parameters> elb,
      Map<String, CachedIngressClass.Parameters> auto) {
    var slash = ingressClass.parameters().indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    var from = ingressClass.parameters().startsWith("eks.amazonaws.com/") ? auto : elb;
    return Optional.ofNullable(from.get(ingressClass.parameters().substring(slash + 1)));
  }

  private static Map<String, CachedIngressClass.Parameters> byName(
      Collection<CachedIngressClass.Parameters> parameters) {
    return parameters.stream()
        .collect(
            Collectors.toMap(
                CachedIngressClass.Parameters::name, Function.identity(), (a, b) -> a));
  }

  /** Parameters of the class override annotations of the Ingress. */
  private static KubeIngress merge(
      KubeIngress ingress,
      Optional<CachedIngressClass.Parameters> parameters,
      Optional<Reconcile> reconcile) {
    Scheme scheme =
        parameters
            .map(CachedIngressClass.Parameters::scheme)
            .filter(s -> !s.isEmpty())
            .map(IngressSources::scheme)
            .orElse(ingress.scheme());
    var annotations = new HashMap<>(ingress.annotations());
    parameters
        .map(CachedIngressClass.Parameters::subnets)
        .filter(subnets -> !subnets.isEmpty())
        .ifPresent(subnets -> annotations.put(KubeIngress.SUBNETS, subnets));
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
        annotations,
        reconcile,
        ingress.created());
  }
}
