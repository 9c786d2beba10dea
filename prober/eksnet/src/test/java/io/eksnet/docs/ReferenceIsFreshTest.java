package io.eksnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceIsFreshTest {
  private static final Path PAGES = Path.of("../docs/reference");

  @Test
  void thePagesOnDiskAreThoseTheProgramWouldWrite() throws Exception {
    assertThat(Reference.stale(PAGES, Main.pages()))
        .as("stale pages in %s; the remedy is: make reference", PAGES)
        .isEmpty();
  }
}
