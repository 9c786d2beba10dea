package io.eksnet.probe.net;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headers may be configured (RFC 9110 section 5). */
public final class Headers {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
  private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\xa0-\\xff]{0,8192}");
  private static final Set<String> CREDENTIALS =
      Set.of(
          "authorization",
          "cookie",
          "proxy-authorization",
          "api-key",
          "x-api-key",
          "x-auth-token",
          "x-access-token",
          "x-amz-security-token",
          "x-vault-token",
          "private-token");

  /** Those of the connection and of the framing of messages. */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "upgrade",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "expect",
          "http2-settings");

  private Headers() {}

  /**
   * Headers in the config: no credentials, as configs are read by many.
   *
   * @throws IllegalArgumentException with the header and the remedy
   */
  public static void requirePlain(Map<String, String> headers) {
    headers.forEach(
        (name, value) -> {
          requireNotReserved(name);
          if (CREDENTIALS.contains(lower(name))) {
            throw new IllegalArgumentException(
                "the header "
                    + name
                    + " is a credential: give it by file, with basic_auth, bearer_token_file or"
                    + " header_files");
          }
          if (!isValue(value)) {
            throw new IllegalArgumentException(
                "the value of the header " + name + " must be one line of printable Latin-1");
          }
        });
  }

  /**
   * A header whose value comes from elsewhere.
   *
   * @throws IllegalArgumentException with the header and the remedy
   */
  public static void requireNotReserved(String name) {
    requireName(name);
    if (RESERVED.contains(lower(name))) {
      throw new IllegalArgumentException(
          "the header "
              + name
              + " is the prober's own"
              + (lower(name).equals("host") ? "; set host instead" : "; leave it out"));
    }
  }

  /** Checks that {@code name} can be the name of a header. */
  public static void requireName(String name) {
    if (!TOKEN.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a header name has only letters, digits and !#$%&'*+.^_`|~-, unlike \""
              + name.replaceAll("\\p{Cntrl}", "?")
              + "\"");
    }
  }

  /** Whether a header can have this value: one line of printable Latin-1. */
  public static boolean isValue(String value) {
    return VALUE.matcher(value).matches();
  }

  /** The value of a header, whatever the case of its name. */
  public static Optional<String> value(Map<String, String> headers, String name) {
    return headers.entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The name in lower case, as in HTTP/2. */
  public static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
