package io.eksnet.schedule;

import io.eksnet.model.Task;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Network;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The probes in use. Tasks of one kind with equal settings on the same network share a probe; it is
 * closed when the last of them releases it.
 */
final class Probes implements AutoCloseable {
  private record Key(String kind, Record settings, Network network) {}

  private static final class Shared {
    private final Probe probe;
    private int users;

    private Shared(Probe probe) {
      this.probe = probe;
    }
  }

  private final Map<String, ? extends ProbeKind<?>> kinds;
  private final Function<Task, Network> networks;
  private final Map<Key, Shared> inUse = new HashMap<>();

  Probes(Map<String, ? extends ProbeKind<?>> kinds, Function<Task, Network> networks) {
    this.kinds = kinds;
    this.networks = networks;
  }

  Probe acquire(Task task) {
    var shared = inUse.computeIfAbsent(key(task), key -> new Shared(create(key)));
    shared.users++;
    return shared.probe;
  }

  void release(Task task) {
    var shared = inUse.get(key(task));
    if (shared != null && --shared.users == 0) {
      inUse.remove(key(task));
      shared.probe.close();
    }
  }

  @Override
  public void close() {
    inUse.values().forEach(shared -> shared.probe.close());
    inUse.clear();
  }

  private Key key(Task task) {
    return new Key(task.kind(), task.settings(), networks.apply(task));
  }

  private Probe create(Key key) {
    var kind = kinds.get(key.kind());
    if (kind == null) {
      throw new IllegalArgumentException("no probe kind \"" + key.kind() + "\"");
    }
    return create(kind, key.settings(), key.network());
  }

  private static <S extends Record> Probe create(
      ProbeKind<S> kind, Record settings, Network network) {
    return kind.create(kind.settings().cast(settings), network);
  }
}
