package io.eksnet.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * Something that reads what others wrote.
 *
 * @param seeds to begin with
 * @param read takes anything: it refuses in the reader's own way, or checks what came of it
 */
public record Parser(String name, List<byte[]> seeds, Consumer<byte[]> read) {
  /** A reader of text. */
  public static Parser of(String name, Consumer<String> read, String... seeds) {
    return new Parser(
        name,
        List.of(seeds).stream().map(seed -> seed.getBytes(StandardCharsets.UTF_8)).toList(),
        bytes -> read.accept(new String(bytes, StandardCharsets.UTF_8)));
  }

  /** A reader of text that rejects with an {@link IllegalArgumentException} with a message. */
  public static Parser strict(String name, Consumer<String> read, String... seeds) {
    return of(
        name,
        text -> {
          try {
            read.accept(text);
          } catch (IllegalArgumentException e) {
            if (e.getMessage() == null || e.getMessage().isEmpty()) {
              throw new AssertionError("refused without a reason", e);
            }
          }
        },
        seeds);
  }

  @Override
  public String toString() {
    return name;
  }
}
