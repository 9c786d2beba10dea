package io.eksnet.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Writes samples of counters and gauges in the text formats through a buffer of fixed size. */
final class SampleWriter {
  private static final int BUFFER_BYTES = 8_192;

  /** From here on {@link Double#toString} uses scientific notation. */
  private static final double MAX_DECIMAL = 1e7;

  private static final byte[] NOTHING = {};

  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int length;
  private byte[] name = NOTHING;
  private Supplier<byte[]> comments = () -> NOTHING;
  private boolean first;

  SampleWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * Starts a family.
   *
   * @param sampleName of the samples
   * @param commentLines HELP and TYPE, written if there is a sample
   */
  void family(String sampleName, Supplier<byte[]> commentLines) {
    name = sampleName.getBytes(StandardCharsets.UTF_8);
    comments = commentLines;
    first = true;
  }

  void sample(LabelBlock labels, double value) throws IOException {
    sample(labels, NOTHING, value);
  }

  /**
   * @param left the value that the block leaves out, without characters to escape
   */
  void sample(LabelBlock labels, byte[] left, double value) throws IOException {
    if (first) {
      first = false;
      write(comments.get());
    }
    write(name);
    write(labels.head);
    write(left);
    write(labels.tail);
    write((byte) ' ');
    write(value);
    write((byte) '\n');
  }

  /** Writes what is in the buffer. */
  void flush() throws IOException {
    out.write(buffer, 0, length);
    length = 0;
  }

  /** As {@link Double#toString} does; of most samples the value is a small whole number. */
  private void write(double value) throws IOException {
    var whole = (int) value;
    if (whole == value && value < MAX_DECIMAL && Double.doubleToRawLongBits(value) >= 0) {
      write(whole);
      write((byte) '.');
      write((byte) '0');
    } else if (Double.isInfinite(value)) {
      write((value > 0 ? "+Inf" : "-Inf").getBytes(StandardCharsets.US_ASCII));
    } else {
      write(Double.toString(value).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void write(int whole) throws IOException {
    if (whole >= 10) {
      write(whole / 10);
    }
    write((byte) ('0' + whole % 10));
  }

  private void write(byte b) throws IOException {
    if (length == buffer.length) {
      flush();
    }
    buffer[length++] = b;
  }

  private void write(byte[] bytes) throws IOException {
    if (bytes.length > buffer.length - length) {
      flush();
    }
    if (bytes.length > buffer.length) {
      out.write(bytes);
    } else {
      System.arraycopy(bytes, 0, buffer, length, bytes.length);
      length += bytes.length;
    }
  }
}
