package io.eksnet.model;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Something a run saw on its way, beside its verdict. */
public sealed interface Note {
  /** The end of validity of what the peer presented: of the trusted path, or the first of all. */
  record CertificateExpiry(Instant notAfter) implements Note {
    public CertificateExpiry {
      Objects.requireNonNull(notAfter);
    }
  }

  /** The first try was lost, a later one was answered. */
  record Retried() implements Note {}

  /** A UDP answer came with the TC bit (RFC 1035 section 4.1.1). */
  record Truncated() implements Note {}

  /**
   * The last answer over HTTP.
   *
   * @param code its status
   * @param byLoadBalancer whether an ELB seems to have made it, and not the target behind it
   */
  record Answered(int code, boolean byLoadBalancer) implements Note {}

  /** All addresses that the name of the target has, in the order of the answer. */
  record Resolved(List<InetAddress> addresses) implements Note {
    public Resolved {
      addresses = List.copyOf(addresses);
    }
  }

  /** What a page that was read says. */
  record Read(List<ScrapedSample> samples) implements Note {
    public Read {
      samples = List.copyOf(samples);
    }
  }

  /** A line of the trace: what was seen, in a reader's words. Never holds a secret. */
  record Saw(String what, String value) implements Note {
    private static final int LONGEST = 512;

    public Saw {
      Objects.requireNonNull(what);
      value = value.length() > LONGEST ? value.substring(0, LONGEST) + "…" : value;
    }
  }
}
