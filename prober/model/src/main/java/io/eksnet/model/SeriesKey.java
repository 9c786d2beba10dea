package io.eksnet.model;

import java.util.Objects;

/** Whom a task's results are told of: the identity of its series. */
public sealed interface SeriesKey {
  /** A probe of the user's own. */
  record OwnProbe(String probe, String kind, String target) implements SeriesKey {
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
      implements SeriesKey {
    public DnsPath {
      Objects.requireNonNull(path);
      Objects.requireNonNull(server);
      Objects.requireNonNull(queryClass);
      Objects.requireNonNull(qtype);
      Objects.requireNonNull(proto);
    }
  }

  /**
   * A Service of the built-in {@code service} suite.
   *
   * @param via {@code name} or {@code cluster_ip}
   */
  record ServicePath(String namespace, String service, String via) implements SeriesKey {
    public ServicePath {
      Objects.requireNonNull(namespace);
      Objects.requireNonNull(service);
      Objects.requireNonNull(via);
    }
  }

  /**
   * The way from this agent to another, of the built-in {@code pod} suite.
   *
   * @param peer the node of the other agent; not a label
   */
  record PodPath(String peer, String sourceZone, String targetZone) implements SeriesKey {
    public PodPath {
      Objects.requireNonNull(peer);
      Objects.requireNonNull(sourceZone);
      Objects.requireNonNull(targetZone);
    }
  }

  /**
   * A target behind a target group, of the built-in {@code target} suite.
   *
   * @param targetGroup its name
   * @param address of the target; not a label
   */
  record TargetPath(String targetGroup, String address) implements SeriesKey {
    public TargetPath {
      Objects.requireNonNull(targetGroup);
      Objects.requireNonNull(address);
    }
  }

  /**
   * A load balancer of the built-in {@code lb} suite.
   *
   * @param lb its name
   * @param listener port and host asked for, where it has several; a label of its certificate only
   */
  record LbPath(String lb, String listener) implements SeriesKey {
    public LbPath {
      Objects.requireNonNull(lb);
      Objects.requireNonNull(listener);
    }
  }

  /**
   * Something that serves the whole node, of the built-in suites {@code identity}, {@code ipamd}
   * and {@code ena}.
   *
   * @param suite the name of the suite
   */
  record HostPart(String suite) implements SeriesKey {
    public HostPart {
      Objects.requireNonNull(suite);
    }
  }

  /** The regional endpoint of STS, of the built-in {@code sts} suite. */
  record StsPath() implements SeriesKey {}
}
