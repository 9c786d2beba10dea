package io.eksnet.fuzz;

import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same inputs in every run; {@code make fuzz} looks for others. */
@Timeout(120)
class FuzzTest {
  private static final int MUTATIONS = 800;
  private static final int LARGE = 200_000;
  private static final Duration IN_TIME = Duration.ofSeconds(5);
  private static final List<String> WORDS =
      List.of(
          "\0",
          "\n",
          "\r\n",
          "\"",
          "{",
          "}",
          "[[",
          "]",
          "null",
          "-1",
          "1e999",
          "\\u0000",
          "\u202e",
          "99999999999999999999",
          "%00",
          "../",
          "&a",
          "*a",
          "::",
          "+999999999-12-31T23:59:59Z");

  static Stream<Parser> parsers() {
    return Parsers.all().stream();
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void whateverIsReadIsReadOrRefused(Parser parser) {
    parser.read().accept(new byte[0]);
    for (var seed : parser.seeds()) {
      parser.read().accept(seed);
      for (var i = 0; i < MUTATIONS; i++) {
        tried(parser, mutated(seed, new Random(i)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void muchIsReadOrRefusedInTime(Parser parser) {
    for (var seed : parser.seeds()) {
      for (var length : List.of(1, 3, 17, seed.length)) {
        var from = Math.max(0, seed.length / 2 - length);
        var slice = IntStream.range(from, Math.min(seed.length, from + length)).toArray();
        var large = new ByteArrayOutputStream();
        large.write(seed, 0, from);
        while (large.size() < LARGE) {
          IntStream.of(slice).forEach(at -> large.write(seed[at]));
        }
        assertTimeout(IN_TIME, () -> parser.read().accept(large.toByteArray()));
      }
    }
  }

  private static void tried(Parser parser, byte[] input) {
    try {
      parser.read().accept(input);
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(
          parser + " of " + new String(input, java.nio.charset.StandardCharsets.ISO_8859_1), e);
    }
  }

  private static byte[] mutated(byte[] seed, Random random) {
    var bytes = seed;
    for (var left = 1 + random.nextInt(4); left > 0; left--) {
      bytes = changed(bytes, random);
    }
    return bytes;
  }

  private static byte[] changed(byte[] bytes, Random random) {
    var from = random.nextInt(bytes.length + 1);
    var to = Math.min(bytes.length, from + random.nextInt(1 + random.nextInt(16)));
    var out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    switch (random.nextInt(5)) {
      case 0 -> {} // the bytes between are left out
      case 1 -> out.write(random.nextInt(256));
      case 2 -> {
        out.write(bytes, from, to - from);
        out.write(bytes, from, to - from);
      }
      case 3 ->
          out.writeBytes(
              WORDS
                  .get(random.nextInt(WORDS.size()))
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      default -> IntStream.range(from, to).forEach(at -> out.write(bytes[at] ^ (1 << (at & 7))));
    }
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
