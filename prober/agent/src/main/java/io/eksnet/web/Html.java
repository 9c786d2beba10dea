package io.eksnet.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** HTML in the making; whatever is not a constant of ours goes in escaped. */
public final class Html {
  private final StringBuilder out;

  /** A sign with its style and the word that a screen reader says in its place. */
  public interface Sign {
    String style();

    public String sign();

    String word();
  }

  public Html(int roughly) {
    out = new StringBuilder(roughly);
  }

  /** Adds HTML as it is: constants only. */
  public Html raw(String html) {
    out.append(html);
    return this;
  }

  public Html text(String text) {
    out.append(escape(text));
    return this;
  }

  public Html text(long number) {
    out.append(number);
    return this;
  }

  /** An element with nothing but text; {@code open} is its name with its attributes. */
  public Html element(String open, String text) {
    var space = open.indexOf(' ');
    return raw("<" + open + ">")
        .text(text)
        .raw("</" + (space < 0 ? open : open.substring(0, space)) + ">");
  }

  /** The sign of a standing with its word for those who hear the page. */
  public Html sign(Sign standing) {
    return raw("<span class=\"sign " + standing.style() + "\" aria-hidden=\"true\">")
        .raw(standing.sign() + "</span><span class=\"heard\">" + standing.word() + " </span>");
  }

  /** A moment, to the second, in UTC. */
  public Html time(Instant at) {
    var second = at.truncatedTo(ChronoUnit.SECONDS).toString();
    return raw("<time datetime=\"" + second + "\" title=\"" + second + "\">")
        .raw(second.substring(11, 19) + "</time>");
  }

  @Override
  public String toString() {
    return out.toString();
  }

  /** An id that stays with a thing of this name, whatever the name holds. */
  public static String id(String prefix, String name) {
    return prefix + "-" + Integer.toHexString(name.hashCode());
  }

  /** Text as it may stand in HTML; control characters are shown as unknown ones. */
  public static String escape(String text) {
    StringBuilder safe = null;
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      var instead = instead(c);
      if (instead.isEmpty()) {
        if (safe != null) {
          safe.append(c);
        }
        continue;
      }
      if (safe == null) {
        safe = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      safe.append(instead);
    }
    return safe == null ? text : safe.toString();
  }

  private static String instead(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '"' -> "&quot;";
      case '\'' -> "&#39;";
      case '\n', '\t' -> "";
      default -> Character.isISOControl(c) ? "�" : "";
    };
  }

  /** The source expression of an inline style or script, without its prefix. */
  public static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
