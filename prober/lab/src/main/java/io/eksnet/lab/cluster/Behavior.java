package io.eksnet.lab.cluster;

import java.util.Map;
import java.util.Objects;

/** How the lab's servers behave: faults, and what only they know. */
public sealed interface Behavior extends Item {
  /**
   * A fault of the AWS APIs.
   *
   * @param action {@code ec2:DescribeSubnets}, {@code ec2:*} or {@code *}
   */
  record AwsFault(String action, AwsFault.Kind kind) implements Behavior {
    public AwsFault {
      Objects.requireNonNull(kind, "kind is missing");
    }

    /** The fault. */
    public enum Kind {
      /** The request rate is exceeded. */
      THROTTLED,
      /** IAM denies the action. */
      DENIED,
      /** The security token has expired. */
      EXPIRED,
      /** The response takes 30 s. */
      SLOW,
      /** The first result page is empty and has a token for the next one. */
      EMPTY_PAGE,
      /** Every page has a token for another one. */
      ENDLESS,
      /** The service returns 500. */
      ERROR
    }

    @Override
    public String key() {
      return action;
    }
  }

  /**
   * A fault of the Kubernetes API server.
   *
   * @param resource the plural name of a resource, such as {@code ingresses}, or {@code *}
   */
  record KubeFault(String resource, KubeFault.Kind kind) implements Behavior {
    public KubeFault {
      Objects.requireNonNull(kind, "kind is missing");
    }

    /** The fault. */
    public enum Kind {
      /** 403: RBAC denies the request. */
      FORBIDDEN,
      /** 410: the resource version is too old. */
      GONE,
      /** 429: too many requests. */
      BUSY,
      /** 500. */
      ERROR,
      /** No response for 30 s. */
      HANG,
      /** Watches stay open and carry nothing, and those that are open now never do again. */
      DEAF
    }

    @Override
    public String key() {
      return resource;
    }
  }

  /** A fault of the VPC resolver, by label. */
  record VpcResolver(String fault) implements Behavior {
    @Override
    public String key() {
      return "";
    }
  }

  /**
   * What ipamd of the VPC CNI reports on a node, in addition to what follows from its interfaces.
   *
   * @param up whether it responds
   * @param noAddress how often it had no address to assign
   * @param apiErrors the number of API errors by {@code API error}, such as {@code
   *     CreateNetworkInterface InsufficientFreeAddressesInSubnet}
   */
  record Ipamd(String node, boolean up, long noAddress, Map<String, Long> apiErrors)
      implements Behavior {
    @Override
    public String key() {
      return node;
    }
  }

  /**
   * A fault of the network that the lab's servers cannot simulate, because they share one network:
   * some nodes get these results. Only diagnosis cases use it; {@code docs/scenarios.md}.
   *
   * @param zone of the probing nodes; empty: all zones
   * @param node the probing node; empty: all nodes of the zone
   * @param probe the start of the name of a series, such as {@code dns udp service} or {@code sts}
   * @param outcome the outcome of its probes, or {@code retried} for answers after a retry; or a
   *     success that takes 400 ms: {@code slow} for a minute, {@code slow_once} in the last run,
   *     {@code slow_always}, or {@code slow_new} before there is a usual latency
   * @param phase where they end, {@code processing} by default
   */
  record ProbeFault(String zone, String node, String probe, String outcome, String phase)
      implements Behavior {
    @Override
    public String key() {
      return String.join(" ", zone, node, probe);
    }
  }

  /**
   * What an agent reads on its own node, where the state of the cluster does not determine it. Only
   * diagnosis cases use it.
   *
   * @param wrongNameserver whether resolv.conf of pods names a server that is not CoreDNS
   * @param publicSts whether the name of STS resolves to public addresses despite a VPC endpoint
   * @param drops packets dropped in the last 10 minutes by allowance, such as {@code linklocal}
   */
  record HostFault(String node, boolean wrongNameserver, boolean publicSts, Map<String, Long> drops)
      implements Behavior {
    @Override
    public String key() {
      return node;
    }
  }

  /**
   * A subnet that packets of load balancers do not reach, as with a network ACL or without a route;
   * agents reach it.
   */
  record CutOffSubnet(String subnetId) implements Behavior {
    @Override
    public String key() {
      return subnetId;
    }
  }

  /** DNS records that the name servers serve, as a zone file. */
  record Names(String key, String zone) implements Behavior {}

  /** The maximum page size of the AWS APIs, whatever the caller asks for. */
  record PageLimit(int most) implements Behavior {
    @Override
    public String key() {
      return "";
    }
  }
}
