package io.eksnet.model;

/**
 * What a task is aimed at.
 *
 * @param name how the user wrote it; the metric label {@code target}, 1 to 256 characters
 * @param host a name or an address literal, without brackets
 * @param port 1 to 65535
 * @param path the request target of an HTTP probe with its query, the name to ask of a DNS probe
 *     that has one a target, else empty
 * @param secure whether TLS starts with the connection
 */
public record Target(String name, String host, int port, String path, boolean secure) {
  private static final int MAX_NAME_LENGTH = 256;

  public Target {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "a target has 1 to " + MAX_NAME_LENGTH + " characters, not " + name.length());
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException("the target \"" + name + "\" has no host");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "the port of \"" + name + "\" must be 1 to 65535, not " + port);
    }
  }

  /** A target that is a host and a port. */
  public static Target of(String name, String host, int port) {
    return new Target(name, host, port, "", false);
  }
}
