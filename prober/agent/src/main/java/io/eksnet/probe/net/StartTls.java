package io.eksnet.probe.net;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/** How a protocol changes from plain text to TLS on one connection. */
public enum StartTls {
  /** RFC 3207. */
  SMTP,
  /** RFC 9051 section 6.2.1. */
  IMAP,
  /** RFC 2595 section 4. */
  POP3,
  /** An extended request and its result (RFC 4511 section 4.14). */
  LDAP,
  /** SSLRequest (PostgreSQL documentation, "Message Formats"). */
  POSTGRES;

  private static final String SMTP_ERROR = "^[45]\\d\\d";
  private static final String LDAP_REQUEST =
      "0\u001d\u0002\u0001\u0001w\u0018\u0080\u00161.3.6.1.4.1.1466.20037";

  /** Up to the code of the result; lengths are short, or four bytes as Active Directory writes. */
  private static final String LDAP_RESULT =
      "(?s)\\x02\\x01\\x01\\x78([\\x00-\\x7f]|\\x84....)\\x0a\\x01";

  private static final String POSTGRES_REQUEST = "\u0000\u0000\u0000\u0008\u0004\u00d2\u0016/";

  /** The conversation, with the handshake at its end. */
  public List<DialogueStep> steps() {
    return switch (this) {
      case SMTP ->
          List.of(
              step("^220 ", SMTP_ERROR, "EHLO eksnet\r\n"),
              step("(?s)^250-STARTTLS.*^250 |^250 STARTTLS", "^250 |" + SMTP_ERROR, "STARTTLS\r\n"),
              handshake("^220", SMTP_ERROR));
      case IMAP ->
          List.of(
              step("^\\* (OK|PREAUTH)", "^\\* BYE", "a1 STARTTLS\r\n"),
              handshake("^a1 OK", "^a1 (NO|BAD)"));
      case POP3 -> List.of(step("^\\+OK", "^-ERR", "STLS\r\n"), handshake("^\\+OK", "^-ERR"));
      case LDAP ->
          List.of(
              DialogueStep.send(LDAP_REQUEST),
              handshake(LDAP_RESULT + "\\x00", LDAP_RESULT + "[^\\x00]"));
      case POSTGRES -> List.of(DialogueStep.send(POSTGRES_REQUEST), handshake("^S", "^[^S]"));
    };
  }

  private static DialogueStep step(String expected, String refusal, String payload) {
    return new DialogueStep(
        List.of(multiline(expected)), Optional.of(multiline(refusal)), payload, false);
  }

  private static DialogueStep handshake(String expected, String refusal) {
    return new DialogueStep(
        List.of(multiline(expected)), Optional.of(multiline(refusal)), "", true);
  }

  private static Pattern multiline(String regex) {
    return Pattern.compile(regex, Pattern.MULTILINE);
  }
}
