package io.eksnet.lab.cluster;

import java.time.Instant;

/**
 * An event about an object.
 *
 * @param about the object, as {@code Kind namespace/name}; without a namespace {@code Kind name}
 * @param source the component that says it
 * @param host the node that says it, or empty
 */
public record KubeEvent(
    String name,
    String about,
    String type,
    String reason,
    String message,
    String source,
    String host,
    int count,
    Instant first,
    Instant last)
    implements Item {
  /** An event that was seen once. */
  public static KubeEvent of(
      String about, String type, String reason, String message, String source, Instant at) {
    var unnamed = new KubeEvent("", about, type, reason, message, source, "", 1, at, at);
    var name = unnamed.object() + "." + Ids.hex(about + reason + message + at, 16);
    return new KubeEvent(name, about, type, reason, message, source, "", 1, at, at);
  }

  @Override
  public String key() {
    return namespace() + "/" + name;
  }

  /** The kind of the object. */
  public String kind() {
    return about.substring(0, about.indexOf(' '));
  }

  /** The namespace of the object; {@code default} where it has none. */
  public String namespace() {
    int slash = about.indexOf('/');
    return slash < 0 ? "default" : about.substring(about.indexOf(' ') + 1, slash);
  }

  /** The name of the object. */
  public String object() {
    return about.substring(Math.max(about.indexOf('/'), about.indexOf(' ')) + 1);
  }

  /** Seen again. */
  public KubeEvent again(Instant at) {
    return new KubeEvent(name, about, type, reason, message, source, host, count + 1, first, at);
  }

  public KubeEvent withHost(String next) {
    return new KubeEvent(name, about, type, reason, message, source, next, count, first, last);
  }
}
