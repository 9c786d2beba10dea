package io.eksnet.inventory.kube;

import io.eksnet.inventory.Permission;
import io.eksnet.model.inventory.Unavailable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The watches that a source is computed from, and what else it depends on. */
final class WatchInputs implements KubeSource.Inputs {
  private final Watches watches;
  private final List<Watch<?, ?>> required = new ArrayList<>();
  private final List<Watch<?, ?>> alternatives = new ArrayList<>();
  private final List<Watch<?, ?>> optional = new ArrayList<>();
  private final List<Permission> permissions = new ArrayList<>();
  private Supplier<Object> version = () -> "";

  WatchInputs(Watches watches) {
    this.watches = watches;
  }

  /** All of these must be up to date. */
  WatchInputs all(ResourceKind<?, ?>... kinds) {
    return add(required, kinds);
  }

  /** At least one of these must exist in the cluster, and all that exist must be up to date. */
  WatchInputs anyOf(ResourceKind<?, ?>... kinds) {
    return add(alternatives, kinds);
  }

  /** Used as far as they are available. */
  WatchInputs optional(ResourceKind<?, ?>... kinds) {
    return add(optional, kinds);
  }

  /** Something that is not watched. */
  WatchInputs and(Permission permission, Supplier<Object> itsVersion) {
    permissions.add(permission);
    version = itsVersion;
    return this;
  }

  private WatchInputs add(List<Watch<?, ?>> to, ResourceKind<?, ?>... kinds) {
    for (var kind : kinds) {
      var watch = watches.of(kind);
      to.add(watch);
      permissions.add(kind.permission());
    }
    return this;
  }

  @Override
  public Optional<Unavailable> lack(Instant now) {
    var lack = required.stream().flatMap(watch -> watch.lack(now).stream()).findFirst();
    return lack.isPresent() || alternatives.isEmpty() ? lack : lackOfAlternatives(now);
  }

  private Optional<Unavailable> lackOfAlternatives(Instant now) {
    var lacks = alternatives.stream().flatMap(watch -> watch.lack(now).stream()).toList();
    var trouble = lacks.stream().filter(l -> l.reason() != Unavailable.Reason.ABSENT).findFirst();
    return trouble.isPresent() || lacks.size() < alternatives.size()
        ? trouble
        : lacks.stream().findFirst();
  }

  @Override
  public Object version(Instant now) {
    var versions = new ArrayList<Object>();
    versions.add(version.get());
    Stream.of(required, alternatives, optional)
        .flatMap(List::stream)
        .forEach(
            watch -> {
              versions.add(watch.changes());
              versions.add(watch.lack(now));
            });
    return versions;
  }

  @Override
  public List<Permission> permissions() {
    return List.copyOf(permissions);
  }
}
