package io.eksnet.model;

import java.util.regex.Pattern;

/**
 * Removes credentials from texts that people read: logs, pages, errors. Libraries repeat whole
 * requests in their messages, such as {@code invalid header value: "Bearer …"}.
 */
public final class Secrets {
  private static final String REDACTED = "<secret>";

  /** Authorization headers (RFC 6750, RFC 7617); shorter words follow "bearer" in sentences. */
  private static final Pattern AUTHORIZATION =
      Pattern.compile("(?i)\\b(bearer|basic)(\\s+)[a-z0-9._~+/=-]{16,}");

  /** JSON Web Tokens (RFC 7519), whole or cut: a JSON object in base64 starts with {@code eyJ}. */
  private static final Pattern JWT =
      Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}(\\.[A-Za-z0-9_-]*){0,2}");

  /** Signature errors of AWS repeat the request, with its session token. */
  private static final Pattern AWS =
      Pattern.compile(
          "(?i)((?:x-amz-security-token|x-amz-credential|x-amz-signature|credential|signature)"
              + "[=:]\\s*)[^\\s,;&'\"]+");

  private Secrets() {}

  /** The text with credentials replaced. */
  public static String redact(String text) {
    var redacted = AUTHORIZATION.matcher(text).replaceAll("$1$2" + REDACTED);
    redacted = JWT.matcher(redacted).replaceAll(REDACTED);
    return AWS.matcher(redacted).replaceAll("$1" + REDACTED);
  }
}
