package io.eksnet.web.page;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** HTML in the making; whatever is not a constant of ours goes in escaped. */
public final class Html {
  private final StringBuilder out;

  Html(int roughly) {
    out = new StringBuilder(roughly);
  }

  /** Adds HTML as it is: constants only. */
  Html raw(String html) {
    out.append(html);
    return this;
  }

  Html text(String text) {
    out.append(escape(text));
    return this;
  }

  Html text(long number) {
    out.append(number);
    return this;
  }

  /** An element with nothing but text; {@code open} is its name with its attributes. */
  Html element(String open, String text) {
    var space = open.indexOf(' ');
    return raw("<" + open + ">")
        .text(text)
        .raw("</" + (space < 0 ? open : open.substring(0, space)) + ">");
  }

  /** The sign of a standing with its word for those who hear the page. */
  Html sign(Standing standing) {
    return raw("<span class=\"sign " + standing.style() + "\" aria-hidden=\"true\">")
        .raw(standing.sign() + "</span><span class=\"heard\">" + standing.word() + " </span>");
  }

  /** A moment, to the second, in UTC. */
  Html time(Instant at) {
    var second = at.truncatedTo(ChronoUnit.SECONDS).toString();
    return raw("<time datetime=\"" + second + "\" title=\"" + second + "\">")
        .raw(second.substring(11, 19) + "</time>");
  }

  @Override
  public String toString() {
    return out.toString();
  }

  /** An id that stays with a thing of this name, whatever the name holds. */
  static String id(String prefix, String name) {
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
}
