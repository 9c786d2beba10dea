package io.eksnet.probe.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** A content coding of a response (RFC 9110 section 8.4.1). */
public enum Compression {
  /** RFC 1952. */
  GZIP,
  /** The zlib format, RFC 1950; some servers send it without header and checksum (RFC 1951). */
  DEFLATE;

  /** The coding of this name in a Content-Encoding header. */
  static Optional<Compression> of(String coding) {
    return coding.equals("x-gzip") // RFC 9110 section 8.4.1.3
        ? Optional.of(GZIP)
        : Arrays.stream(values()).filter(known -> known.coding().equals(coding)).findFirst();
  }

  /** The name in Accept-Encoding and Content-Encoding headers. */
  String coding() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What {@code encoded} encodes; empty if that is longer than {@code max}.
   *
   * @throws IOException if it is not of this coding, or incomplete
   */
  Optional<ByteArrayOutputStream> decode(byte[] encoded, long max) throws IOException {
    var decoded = new ByteArrayOutputStream(encoded.length);
    var piece = new byte[8192];
    try (var in = stream(encoded)) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (n > max - decoded.size()) {
          return Optional.empty();
        }
        decoded.write(piece, 0, n);
      }
    }
    return Optional.of(decoded);
  }

  private InputStream stream(byte[] encoded) throws IOException {
    var in = new ByteArrayInputStream(encoded);
    return switch (this) {
      case GZIP -> new GZIPInputStream(in);
      case DEFLATE -> hasZlibHeader(encoded) ? new InflaterInputStream(in) : new Raw(in);
    };
  }

  /** RFC 1950 section 2.2: method 8, and the first two bytes are a multiple of 31. */
  private static boolean hasZlibHeader(byte[] encoded) {
    return encoded.length > 1
        && (encoded[0] & 0x0f) == 8
        && (((encoded[0] & 0xff) << 8) | (encoded[1] & 0xff)) % 31 == 0;
  }

  /** Ends the inflater, which the stream does for its own default one only. */
  private static final class Raw extends InflaterInputStream {
    Raw(InputStream in) {
      super(in, new Inflater(true));
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }
}
