package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an informer puts its objects: each is cut down to what is used before it is kept. The
 * informer gets back no more than a name.
 */
final class TransformingStore<T extends HasMetadata, V> implements ItemStore<T> {
  private static final Logger log = LoggerFactory.getLogger(TransformingStore.class);

  private final ResourceKind<T, V> kind;
  private final int most;
  private final Map<String, V> kept = new ConcurrentHashMap<>();
  private final AtomicLong changes = new AtomicLong();
  private volatile boolean overflown;
  private volatile boolean complained;

  TransformingStore(ResourceKind<T, V> kind, int most) {
    this.kind = kind;
    this.most = most;
  }

  /** What is kept of the objects there are now. */
  Collection<V> trimmed() {
    return List.copyOf(kept.values());
  }

  /** How often something changed. */
  long changes() {
    return changes.get();
  }

  /** Whether there are more objects than may be kept. */
  boolean overflown() {
    return overflown;
  }

  @Override
  public String getKey(T object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public @Nullable T put(String key, T object) {
    var trimmed = trim(object);
    V before;
    if (trimmed.isEmpty()) {
      before = kept.remove(key);
    } else if (kept.size() >= most && !kept.containsKey(key)) {
      overflown = true;
      return null;
    } else {
      before = kept.put(key, trimmed.get());
    }
    if (before == null ? trimmed.isPresent() : !before.equals(trimmed.orElse(null))) {
      changes.incrementAndGet();
    }
    return before == null ? null : blank(key);
  }

  private Optional<V> trim(T object) {
    try {
      return kind.trim().apply(object);
    } catch (RuntimeException e) {
      if (!complained) {
        complained = true;
        log.warn("cannot read an object resource={} name={}", kind.label(), getKey(object), e);
      }
      return Optional.empty();
    }
  }

  @Override
  public @Nullable T remove(String key) {
    if (kept.remove(key) == null) {
      return null;
    }
    changes.incrementAndGet();
    return blank(key);
  }

  @Override
  public Stream<String> keySet() {
    return kept.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return kept.keySet().stream().map(this::blank);
  }

  @Override
  public int size() {
    return kept.size();
  }

  @Override
  public @Nullable T get(String key) {
    return kept.containsKey(key) ? blank(key) : null;
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private T blank(String key) {
    var slash = key.indexOf('/');
    var object = kind.blank().get();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(slash < 0 ? null : key.substring(0, slash))
            .withName(key.substring(slash + 1))
            .build());
    return object;
  }
}
