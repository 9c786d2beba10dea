package io.eksnet.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The content of {@code /metrics}. Families with a series for each target are written sample by
 * sample in the text formats, and collected in parts of about {@link #MAX_POINTS} data points for
 * protobuf, so that the memory of a scrape does not grow with the number of targets.
 */
public final class Exposition {
  private static final int MAX_POINTS = 1_000;
  private static final byte[] EOF = "# EOF\n".getBytes(StandardCharsets.US_ASCII);

  /** Collects a family in parts. */
  @FunctionalInterface
  private interface Parts {
    void collect(PartitionedFamily.PartConsumer parts) throws IOException;
  }

  private final PrometheusRegistry registry;
  private final Collection<PartitionedFamily> partitioned;

  /**
   * @param partitioned those of the registry that are written sample by sample, or in parts
   */
  Exposition(PrometheusRegistry registry, Collection<PartitionedFamily> partitioned) {
    this.registry = registry;
    this.partitioned = partitioned;
  }

  /**
   * Writes all metrics in the best format that the scraper accepts. Blocks; never call it on an
   * event loop: ten thousand targets take tens of milliseconds, in protobuf tenths of a second.
   *
   * @param accept the scraper's {@code Accept} header, or null
   * @return the content type
   */
  public synchronized String write(@Nullable String accept, OutputStream out) throws IOException {
    var format = ExpositionFormat.accepted(accept);
    switch (format) {
      case PROTOBUF -> writeProtobuf(out);
      case OPENMETRICS -> {
        writeText(
            OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(false).build(), out);
        out.write(EOF);
      }
      case TEXT ->
          writeText(
              PrometheusTextFormatWriter.builder().setIncludeCreatedTimestamps(false).build(), out);
    }
    return format.contentType();
  }

  private void writeText(ExpositionFormatWriter writer, OutputStream out) throws IOException {
    var samples = new SampleWriter(out);
    for (var family : partitioned) {
      samples.family(family.sampleName(), () -> comments(writer, family));
      family.writeSamples(samples);
    }
    samples.flush();
    for (var family : others()) {
      var lines = new TextLines(out, TextLines.Kind.ALL);
      MetricParts.split(
          family,
          MAX_POINTS,
          part -> {
            writer.write(lines, MetricSnapshots.of(part));
            lines.keep(TextLines.Kind.SAMPLES);
          });
    }
  }

  private static byte[] comments(ExpositionFormatWriter writer, PartitionedFamily family) {
    var comments = new ByteArrayOutputStream();
    try {
      writer.write(
          new TextLines(comments, TextLines.Kind.COMMENTS), MetricSnapshots.of(family.example()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return comments.toByteArray();
  }

  private MetricSnapshots others() {
    var names =
        partitioned.stream().map(PartitionedFamily::getPrometheusName).collect(Collectors.toSet());
    return registry.scrape(name -> !names.contains(name));
  }

  /**
   * A family is one message with its length in front. Encoded messages that are concatenated are
   * one message with the repeated fields of all (protobuf.dev/programming-guides/encoding, "Last
   * One Wins"). The parts are kept compressed until the length is known.
   */
  private void writeProtobuf(OutputStream out) throws IOException {
    for (var family : partitioned) {
      writeProtobuf(parts -> family.collectParts(MAX_POINTS, parts), out);
    }
    for (var family : others()) {
      writeProtobuf(parts -> MetricParts.split(family, MAX_POINTS, parts), out);
    }
  }

  private static void writeProtobuf(Parts family, OutputStream out) throws IOException {
    var writer = new PrometheusProtobufWriter();
    var buffer = new ByteArrayOutputStream();
    var length = new long[1];
    var compressed = new ByteArrayOutputStream();
    try (var messages = new DeflaterOutputStream(compressed)) {
      family.collect(
          part -> {
            buffer.reset();
            writer.write(buffer, MetricSnapshots.of(part));
            length[0] += writeMessage(buffer, messages);
          });
    }
    if (length[0] > 0) {
      writeVarint(length[0], out);
      new InflaterInputStream(new ByteArrayInputStream(compressed.toByteArray())).transferTo(out);
    }
  }

  /** Writes a delimited message, if there is one, without its length, a varint; returns it. */
  private static int writeMessage(ByteArrayOutputStream delimited, OutputStream out)
      throws IOException {
    var bytes = delimited.toByteArray();
    if (bytes.length == 0) {
      return 0;
    }
    var offset = 0;
    while ((bytes[offset] & 0x80) != 0) {
      offset++;
    }
    offset++;
    out.write(bytes, offset, bytes.length - offset);
    return bytes.length - offset;
  }

  private static void writeVarint(long value, OutputStream out) throws IOException {
    var rest = value;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
