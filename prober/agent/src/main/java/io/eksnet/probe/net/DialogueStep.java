package io.eksnet.probe.net;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Optional;

/**
 * A turn of a conversation: wait until the peer has sent what is expected, then send, then make a
 * TLS handshake.
 *
 * @param expected all must match what the peer sent since the last match or the last payload, read
 *     as Latin-1; empty: nothing is waited for
 * @param refusal what the peer sends instead when it refuses; ends the conversation at once
 * @param payload bytes as Latin-1; empty: nothing is sent
 */
public record DialogueStep(
    List<Pattern> expected, Optional<Pattern> refusal, String payload, boolean startTls) {
  public DialogueStep {
    expected = List.copyOf(expected);
  }

  /** Sends a payload without waiting. */
  public static DialogueStep send(String payload) {
    return new DialogueStep(List.of(), Optional.empty(), payload, false);
  }

  /** Waits until all expressions match. */
  public static DialogueStep expect(List<Pattern> expected) {
    return new DialogueStep(expected, Optional.empty(), "", false);
  }
}
