package io.eksnet.metrics;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Passes on some of the lines of a page in a text format. {@code # EOF} of OpenMetrics never
 * passes: it ends the whole page, not a part of it.
 */
final class TextLines extends OutputStream {
  /** Which lines pass. */
  enum Kind {
    ALL,
    COMMENTS,
    SAMPLES
  }

  /** What distinguishes {@code # EOF} from {@code # HELP}, {@code # TYPE} and {@code # UNIT}. */
  private static final int DISTINCT_BYTES = 3;

  private final OutputStream out;
  private final byte[] start = new byte[DISTINCT_BYTES];
  private Kind kept;
  private int started;
  private boolean decided;
  private boolean passes;

  TextLines(OutputStream out, Kind kept) {
    this.out = out;
    this.kept = kept;
  }

  /** Which lines pass from now on; between two lines. */
  void keep(Kind kind) {
    kept = kind;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    var end = offset + length;
    var at = offset;
    while (at < end) {
      if (!decided) {
        decide(bytes[at++]);
        continue;
      }
      var from = at;
      while (at < end && bytes[at] != '\n') {
        at++;
      }
      var complete = at < end;
      at += complete ? 1 : 0;
      if (passes) {
        out.write(bytes, from, at - from);
      }
      if (complete) {
        decided = false;
        started = 0;
      }
    }
  }

  private void decide(byte next) throws IOException {
    start[started++] = next;
    var comment = start[0] == '#';
    if (comment && started < DISTINCT_BYTES) {
      return;
    }
    decided = true;
    passes = comment ? kept != Kind.SAMPLES && next != 'E' : kept != Kind.COMMENTS;
    if (passes) {
      out.write(start, 0, started);
    }
  }
}
