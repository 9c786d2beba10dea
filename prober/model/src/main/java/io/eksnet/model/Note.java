package io.eksnet.model;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Something a run observed besides its outcome. */
public sealed interface Note {
  /** One function for each case; a new case does not compile until every table has it. */
  record Cases<T>(
      Function<CertificateExpiry, T> certificateExpiry,
      Function<Retried, T> retried,
      Function<Truncated, T> truncated,
      Function<Answered, T> answered,
      Function<Resolved, T> resolved,
      Function<Read, T> read,
      Function<ZoneSerial, T> zoneSerial,
      Function<Attribute, T> attribute) {}

  /** The value that {@code cases} has for this note. */
  <T> T fold(Cases<T> cases);

  /** When the certificates of the peer expire: the trusted chain, or the first of all presented. */
  record CertificateExpiry(Instant notAfter) implements Note {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.certificateExpiry().apply(this);
    }
  }

  /** The first try got no answer, a later one did. */
  record Retried() implements Note {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.retried().apply(this);
    }
  }

  /** A UDP answer came with the TC bit (RFC 1035 section 4.1.1). */
  record Truncated() implements Note {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.truncated().apply(this);
    }
  }

  /**
   * The last HTTP response.
   *
   * @param code its status code
   * @param byLoadBalancer whether an ELB seems to have answered instead of the target behind it
   */
  record Answered(int code, boolean byLoadBalancer) implements Note {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.answered().apply(this);
    }
  }

  /** All addresses that the name of the target resolves to, in the order of the answer. */
  record Resolved(List<InetAddress> addresses) implements Note {
    public Resolved {
      addresses = List.copyOf(addresses);
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.resolved().apply(this);
    }
  }

  /** The samples of a scraped metrics endpoint. */
  record Read(List<ScrapedSample> samples) implements Note {
    public Read {
      samples = List.copyOf(samples);
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.read().apply(this);
    }
  }

  /**
   * The serial number of the zone in a DNS response.
   *
   * @param serial 0 to 4294967295 (RFC 1035 section 3.3.13)
   */
  record ZoneSerial(long serial) implements Note {
    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.zoneSerial().apply(this);
    }
  }

  /** A line of the trace, for people. Never holds a secret. */
  record Attribute(String what, String value) implements Note {
    private static final int MAX_LENGTH = 512;

    public Attribute {
      value = value.length() > MAX_LENGTH ? value.substring(0, MAX_LENGTH) + "…" : value;
    }

    @Override
    public <T> T fold(Cases<T> cases) {
      return cases.attribute().apply(this);
    }
  }
}
