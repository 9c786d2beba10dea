package io.eksnet.engine;

import io.eksnet.core.Task;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Network;
import java.util.HashMap;
import java.util.Map;

/**
 * The probes in use: one for all tasks of a kind with equal settings, closed with the last of them.
 */
final class Probes implements AutoCloseable {
  private record Key(String kind, Record settings) {}

  private static final class Shared {
    private final Probe probe;
    private int users;

    private Shared(Probe probe) {
      this.probe = probe;
    }
  }

  private final Map<String, ? extends ProbeKind<?>> kinds;
  private final Network network;
  private final Map<Key, Shared> inUse = new HashMap<>();

  Probes(Map<String, ? extends ProbeKind<?>> kinds, Network network) {
    this.kinds = kinds;
    this.network = network;
  }

  Probe take(Task task) {
    var shared = inUse.computeIfAbsent(key(task), key -> new Shared(create(task)));
    shared.users++;
    return shared.probe;
  }

  void giveBack(Task task) {
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

  private static Key key(Task task) {
    return new Key(task.kind(), task.settings());
  }

  private Probe create(Task task) {
    var kind = kinds.get(task.kind());
    if (kind == null) {
      throw new IllegalArgumentException("no probe kind \"" + task.kind() + "\"");
    }
    return create(kind, task.settings());
  }

  private <S extends Record> Probe create(ProbeKind<S> kind, Record settings) {
    return kind.create(kind.settings().cast(settings), network);
  }
}
