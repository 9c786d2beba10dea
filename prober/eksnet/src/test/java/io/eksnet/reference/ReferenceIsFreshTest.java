package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReferenceIsFreshTest {
  private static final Path PAGES = Path.of("../../docs/reference");
  private static final Path MANIFESTS = Path.of("../../k8s");
  private static final Path ALERTS = Path.of("../../dashboards");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#\\w+)?\\)");

  @Test
  void thePagesOnDiskAreThoseTheProgramWouldWrite() throws Exception {
    assertThat(
            Reference.stale(
                PAGES, ReferenceMain.pages(ReferenceMain.monitoring(ALERTS, MANIFESTS))))
        .as("stale pages in %s; the remedy is: make reference", PAGES)
        .isEmpty();
  }

  @Test
  void theLinksOfThePagesLeadToFiles() throws Exception {
    for (var page : ReferenceMain.pages(ReferenceMain.monitoring(ALERTS, MANIFESTS)).values()) {
      assertThat(LINK.matcher(page).results().map(link -> link.group(1)).distinct())
          .allSatisfy(file -> assertThat(PAGES.resolve(file)).exists());
    }
  }

  @Test
  void theRightsOnDiskAreThoseTheProgramDeclares() throws Exception {
    assertThat(Reference.staleAmongOthers(MANIFESTS, ReferenceMain.manifests()))
        .as("stale files in %s; the remedy is: make reference", MANIFESTS)
        .isEmpty();
  }

  @Test
  void chartOnDiskIsUpToDate() throws Exception {
    assertThat(Reference.staleAmongOthers(MANIFESTS, ReferenceMain.chart(MANIFESTS)))
        .as("stale files in %s; the remedy is: make reference", MANIFESTS)
        .isEmpty();
  }
}
