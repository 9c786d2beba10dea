package io.eksnet.inventory.kube;

import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The informers that a source is computed from, and what else it depends on. */
final class InformerInputs implements KubeSource.Inputs {
  private final Informers informers;
  private final List<Informer<?, ?>> required = new ArrayList<>();
  private final List<Informer<?, ?>> alternatives = new ArrayList<>();
  private final List<Informer<?, ?>> optional = new ArrayList<>();
  private final List<Permission> permissions = new ArrayList<>();
  private Supplier<Object> version = () -> "";

  InformerInputs(Informers informers) {
    this.informers = informers;
  }

  /** All of these must be up to date. */
  InformerInputs all(ResourceKind<?, ?>... kinds) {
    return add(required, kinds);
  }

  /** At least one of these must exist in the cluster, and all that exist must be up to date. */
  InformerInputs anyOf(ResourceKind<?, ?>... kinds) {
    return add(alternatives, kinds);
  }

  /**
   * Used as far as they are available. Their first list is waited for: without it, results and the
   * labels of counters would change moments after the start.
   */
  InformerInputs optional(ResourceKind<?, ?>... kinds) {
    return add(optional, kinds);
  }

  /** Something that is not watched. */
  InformerInputs and(Permission permission, Supplier<Object> itsVersion) {
    permissions.add(permission);
    version = itsVersion;
    return this;
  }

  private InformerInputs add(List<Informer<?, ?>> to, ResourceKind<?, ?>... kinds) {
    for (var kind : kinds) {
      var informer = informers.of(kind);
      to.add(informer);
      permissions.add(kind.permission());
    }
    return this;
  }

  @Override
  public Optional<Unavailable> lack(Instant now) {
    var lack = required.stream().flatMap(informer -> informer.lack(now).stream()).findFirst();
    return lack.or(() -> alternatives.isEmpty() ? Optional.empty() : lackOfAlternatives(now))
        .or(() -> firstListPending(now));
  }

  private Optional<Unavailable> firstListPending(Instant now) {
    return optional.stream()
        .flatMap(informer -> informer.lack(now).stream())
        .filter(Unavailable.NOT_YET::equals)
        .findFirst();
  }

  private Optional<Unavailable> lackOfAlternatives(Instant now) {
    var lacks = alternatives.stream().flatMap(informer -> informer.lack(now).stream()).toList();
    var trouble = lacks.stream().filter(l -> l.reason() != Unavailable.Reason.ABSENT).findFirst();
    return trouble.isPresent() || lacks.size() < alternatives.size()
        ? trouble
        : lacks.stream().findFirst();
  }

  @Override
  public Optional<Instant> goodUntil(Instant now) {
    return Stream.of(required, alternatives)
        .flatMap(List::stream)
        .filter(informer -> informer.lack(now).isPresent())
        .flatMap(informer -> informer.lastGood().stream())
        .min(Instant::compareTo);
  }

  @Override
  public Object version(Instant now) {
    var versions = new ArrayList<Object>();
    versions.add(version.get());
    Stream.of(required, alternatives, optional)
        .flatMap(List::stream)
        .forEach(
            informer -> {
              versions.add(informer.changes());
              versions.add(informer.lack(now));
            });
    return versions;
  }

  @Override
  public List<Permission> permissions() {
    return List.copyOf(permissions);
  }
}
