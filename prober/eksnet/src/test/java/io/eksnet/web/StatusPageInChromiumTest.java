package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.page.ClusterView;
import io.eksnet.controller.page.FailedRun;
import io.eksnet.controller.web.ClusterDependencies;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Inventory;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class StatusPageInChromiumTest {
  private static final String HEADLINE = "document.querySelector('#verdict h1').textContent";

  @TempDir static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static Chromium chromium;

  private volatile ClusterView view = Views.healthy(500);
  private final Endpoints endpoints = controller();

  @BeforeAll
  static void start() throws Exception {
    chromium = new Chromium(directory);
  }

  @AfterAll
  static void stop() {
    chromium.close();
  }

  @AfterEach
  void close() {
    chromium.command("Page.navigate", new JsonObject().put("url", "about:blank"));
    endpoints.close();
    chromium.complaints().clear();
  }

  @Test
  void incidentAppearsWithoutReloadAndKeepsFocus() {
    view = Views.failed(Views.healthy(12), List.of(Views.failure("node-1", "first")));
    chromium.look(1280, false);
    chromium.open(endpoints.uri("/"));
    chromium.await(HEADLINE + " === 'All clear'");
    chromium.evaluate("window.same = true; document.querySelector('.failures summary').focus()");
    chromium.key("Enter", 13);
    chromium.await("document.querySelector('.failures details').open");

    view = Views.failed(Views.incident(12), failures("second", "first"));
    chromium.await(HEADLINE + " === 'CoreDNS pods cannot be scheduled'");
    chromium.await("document.querySelectorAll('.failures details').length === 2");

    assertThat(chromium.text("document.querySelectorAll('.finding').length")).isEqualTo("3");
    assertThat(chromium.text("window.same")).as("not reloaded").isEqualTo("true");
    assertThat(chromium.text("document.querySelectorAll('.failures details')[0].open"))
        .isEqualTo("false");
    assertThat(chromium.text("document.querySelectorAll('.failures details')[1].open"))
        .isEqualTo("true");
    assertThat(chromium.text("document.activeElement.textContent")).contains("first");

    view = Views.healthy(12);
    chromium.await(HEADLINE + " === 'All clear'");
    chromium.await("document.querySelectorAll('.finding').length === 0");
    assertThat(chromium.complaints()).isEmpty();
  }

  @Test
  void showsStaleDataAfterConnectionLoss() throws Exception {
    chromium.look(1280, false);
    chromium.open(endpoints.uri("/"));
    chromium.await("document.getElementById('connection').textContent === 'Live, updated'");
    chromium.await("!document.body.classList.contains('stale')");

    endpoints.server().stop(Duration.ofSeconds(5));

    chromium.await("document.body.classList.contains('stale')");
    assertThat(chromium.text(HEADLINE)).isEqualTo("Connection lost");
    assertThat(chromium.text("document.title")).startsWith("? Connection lost · prod-1");
    assertThat(chromium.text("document.querySelectorAll('.cols [href=\"#ok\"]').length"))
        .isEqualTo("0");
    keep("1280-stale");
    assertThat(chromium.axe()).isEmpty();
  }

  @Test
  void hostileNamesRunNoScript() {
    view = Views.named("<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>");
    chromium.look(390, false);
    chromium.open(endpoints.uri("/"));
    chromium.await("document.querySelector('.finding') !== null");
    view = Views.with(view, List.of());
    chromium.await("document.querySelector('.finding') === null");

    assertThat(chromium.text("typeof window.hacked")).isEqualTo("undefined");
    assertThat(chromium.text("document.images.length")).isEqualTo("0");
    assertThat(chromium.complaints()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"360,false,true", "1280,true,true", "390,true,false", "1400,false,false"})
  void isAccessibleInAllThemesAndWidths(int width, boolean dark, boolean incident)
      throws Exception {
    view = incident ? Views.incident(100) : Views.healthy(500);
    chromium.look(width, dark);
    chromium.open(endpoints.uri("/"));
    keep(width + (dark ? "-dark" : "-light") + (incident ? "-incident" : "-healthy"));

    assertThat(chromium.text("document.documentElement.scrollWidth <= " + width)).isEqualTo("true");
    assertThat(chromium.complaints()).isEmpty();
    assertThat(chromium.axe()).isEmpty();
  }

  /** For eyes: with the system property {@code eksnet.screenshots} naming a directory. */
  private static void keep(String name) throws Exception {
    var where = System.getProperty("eksnet.screenshots");
    if (where != null) {
      Files.write(Path.of(where).resolve(name + ".png"), chromium.screenshot());
    }
  }

  private static List<FailedRun> failures(String... targets) {
    var failures = new ArrayList<FailedRun>();
    for (var target : targets) {
      failures.add(Views.failure("node-1", target));
    }
    return failures;
  }

  private Endpoints controller() {
    var cluster =
        new ClusterDependencies(
            Optional::empty,
            node -> new ClusterDependencies.PlanPage.NotYet("no plan"),
            () -> Views.source(Optional.empty()),
            () -> Inventory.EMPTY,
            List::of,
            () -> ClusterDependencies.Diagnosed.NOT_YET,
            List::of,
            () -> view,
            () -> new Evidence(WebFixture.NOON, Inventory.EMPTY, List.of()),
            () -> Views.INCIDENTS,
            List::of,
            () -> Views.STATE);
    return new Endpoints(
        WebConfig.OPEN, true, HttpClient.newHttpClient(), SharedToken.NONE, Optional.of(cluster));
  }
}
