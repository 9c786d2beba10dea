package io.eksnet.lab.cluster;

/**
 * A fault of the API server.
 *
 * @param resource the plural it is about, such as {@code ingresses}, or {@code *}
 */
public record KubeFault(String resource, Kind kind) implements Item {
  /** What happens. */
  public enum Kind {
    /** 403: the verb is denied. */
    FORBIDDEN,
    /** 410: the resource version is too old. */
    GONE,
    /** 429: too many requests. */
    BUSY,
    /** 500. */
    ERROR,
    /** No answer for half a minute. */
    HANG
  }

  @Override
  public String key() {
    return resource;
  }
}
