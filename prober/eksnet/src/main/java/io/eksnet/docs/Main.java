package io.eksnet.docs;

import io.eksnet.metrics.Catalogue;
import io.eksnet.probe.ProbeKinds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Writes the reference pages: {@code make reference}. */
public final class Main {
  private Main() {}

  /** Writes all pages to the directory that is the first argument. */
  public static void main(String[] args) throws IOException {
    Reference.write(Path.of(args[0]), pages());
  }

  /** The pages of this program. */
  static Map<String, String> pages() {
    return Reference.pages(ProbeKinds.all(), Catalogue.all());
  }
}
