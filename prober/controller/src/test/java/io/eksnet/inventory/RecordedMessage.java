package io.eksnet.inventory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A message of another program, from {@code messages.tsv}: texts of public sources and reports,
 * with invented names and ids.
 *
 * @param versions of the program that write it
 * @param where the message stands: event, condition, container or error code, with its reason
 * @param parser that reads it: {@code scheduler}, {@code reconcile}, {@code sandbox}, {@code
 *     image_pull}, {@code node}, {@code launch}, {@code aws}, or {@code -}
 * @param expected class, by its label
 * @param causes that fit; {@code none}: no cause may be concluded
 * @param source repository and path, or URL
 */
public record RecordedMessage(
    String program,
    String versions,
    String where,
    String message,
    String parser,
    String expected,
    List<String> causes,
    String source) {
  private static final int COLUMNS = 8;

  /** All messages. */
  public static List<RecordedMessage> all() {
    try (var in =
        Objects.requireNonNull(RecordedMessage.class.getResourceAsStream("messages.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .map(RecordedMessage::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The messages that a parser reads. */
  public static Stream<RecordedMessage> readBy(String parser) {
    return all().stream().filter(message -> message.parser().equals(parser));
  }

  private static RecordedMessage of(String line) {
    var cells = line.split("\t", -1);
    if (cells.length != COLUMNS) {
      throw new IllegalArgumentException(cells.length + " cells: " + line);
    }
    return new RecordedMessage(
        cells[0],
        cells[1],
        cells[2],
        cells[3],
        cells[4],
        cells[5],
        List.of(cells[6].split(",")),
        cells[7]);
  }

  /** A word of {@link #where}, counted from its end. */
  public String fromEnd(int words) {
    var all = where.split(" ");
    return all[all.length - 1 - words];
  }

  @Override
  public String toString() {
    return "%s %s: %s".formatted(program, where, message);
  }
}
