package io.eksnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceIsFreshTest {
  private static final Path PAGES = Path.of("../docs/reference");
  private static final Path MANIFESTS = Path.of("../../k8s");

  @Test
  void thePagesOnDiskAreThoseTheProgramWouldWrite() throws Exception {
    assertThat(Reference.stale(PAGES, Main.pages()))
        .as("stale pages in %s; the remedy is: make reference", PAGES)
        .isEmpty();
  }

  @Test
  void theRightsOnDiskAreThoseTheProgramDeclares() throws Exception {
    assertThat(Reference.staleAmongOthers(MANIFESTS, Main.manifests()))
        .as("stale files in %s; the remedy is: make reference", MANIFESTS)
        .isEmpty();
  }
}
