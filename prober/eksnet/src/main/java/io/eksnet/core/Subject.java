package io.eksnet.core;

import java.util.Objects;

/** Whom a task's results are told of: the identity of its series. */
public sealed interface Subject {
  /** A probe of the user's own. */
  record OwnProbe(String probe, String kind, String target) implements Subject {
    public OwnProbe {
      Objects.requireNonNull(probe);
      Objects.requireNonNull(kind);
      Objects.requireNonNull(target);
    }
  }

  /**
   * A query of the built-in {@code dns} suite.
   *
   * @param path {@code service}, {@code backend}, {@code nodelocal}, {@code vpc_resolver} or {@code
   *     resolvconf}
   * @param server the address asked, or empty where the path says it
   * @param queryClass {@code internal}, {@code aws}, {@code external}, {@code negative}
   * @param qtype {@code A}, {@code AAAA}, …
   * @param proto {@code udp} or {@code tcp}
   */
  record DnsPath(String path, String server, String queryClass, String qtype, String proto)
      implements Subject {
    public DnsPath {
      Objects.requireNonNull(path);
      Objects.requireNonNull(server);
      Objects.requireNonNull(queryClass);
      Objects.requireNonNull(qtype);
      Objects.requireNonNull(proto);
    }
  }
}
