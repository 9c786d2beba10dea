package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.IngressRule;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.Scheme;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBackend;
import io.fabric8.kubernetes.api.model.networking.v1.IngressSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** From an Ingress to what is kept of it; its events and its class's parameters are added later. */
final class IngressTransform {
  private static final String ALB = "alb.ingress.kubernetes.io/";

  private IngressTransform() {}

  static Optional<KubeIngress> of(Ingress ingress) {
    var spec = ingress.getSpec();
    if (spec == null) {
      return Optional.empty();
    }
    var meta = new Meta(ingress);
    var kept = meta.kept();
    return Optional.of(
        new KubeIngress(
            meta.namespace(),
            meta.name(),
            Optional.ofNullable(spec.getIngressClassName())
                .orElse(kept.getOrDefault("kubernetes.io/ingress.class", "")),
            kept.getOrDefault(ALB + "group.name", ""),
            scheme(kept.getOrDefault(ALB + "scheme", "")),
            rules(spec),
            tls(spec, kept),
            addresses(ingress),
            kept,
            Optional.empty(),
            meta.created()));
  }

  /** The controller makes internal load balancers unless told otherwise. */
  static Scheme scheme(String text) {
    return text.equals("internet-facing") ? Scheme.INTERNET_FACING : Scheme.INTERNAL;
  }

  private static boolean tls(IngressSpec spec, Map<String, String> annotations) {
    return !Meta.list(spec.getTls()).isEmpty()
        || annotations.containsKey(ALB + "certificate-arn")
        || annotations.getOrDefault(ALB + "listen-ports", "").contains("HTTPS");
  }

  private static List<IngressRule> rules(IngressSpec spec) {
    var named =
        Meta.list(spec.getRules()).stream()
            .filter(rule -> rule.getHttp() != null)
            .flatMap(
                rule ->
                    Meta.list(rule.getHttp().getPaths()).stream()
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
                  Texts.of(host),
                  Texts.of(path),
                  Texts.of(service.getName()),
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
        .map(i -> i.getHostname() != null ? i.getHostname() : Texts.of(i.getIp()))
        .filter(a -> !a.isEmpty())
        .toList();
  }
}
