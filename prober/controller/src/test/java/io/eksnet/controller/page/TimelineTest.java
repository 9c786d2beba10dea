package io.eksnet.controller.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.page.ProbeHistory.Quarter;
import io.eksnet.controller.page.ProbeHistory.Share;
import io.eksnet.controller.page.Timeline.Layout;
import io.eksnet.controller.page.Timeline.Mark;
import io.eksnet.incident.Change;
import io.eksnet.incident.IncidentHistory;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Layer;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Inventory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  /** 1,140 units for 24 hours: 47.5 for an hour. */
  @Test
  void placesEverythingOnOneAxis() {
    var timeline =
        timeline(
            new ClusterHistory(
                day(24 * 4 - 4, 0.5),
                incident(3_600 * 6, 3_600 * 4).all(),
                List.of(change(3_600 * 12))));

    assertThat(timeline.bars()).isEqualTo("M1190.4 26v-9.0");
    assertThat(timeline.incidents())
        .containsExactly(
            new Mark("947.0", "994.5", "95.0", "Ipamd of aws-node is down on a node, closed"));
    assertThat(timeline.changes()).extracting(Mark::x).containsExactly("662.0");
    assertThat(timeline.gaps()).isEmpty();
    assertThat(timeline.ticks())
        .extracting(Mark::text)
        .containsExactly("15:00", "18:00", "21:00", "00:00", "03:00", "06:00", "09:00");
    assertThat(timeline.description())
        .isEqualTo(
            "Last 24 hours: 0 open incidents, 1 closed incident, 1 change, failed probes in"
                + " 1 quarter of an hour, the last at 11:00.");
  }

  @Test
  void showsTimesWithoutDataAsSuch() {
    var quarters = day(-1, 0).quarters();

    var none = timeline(ClusterHistory.NONE);
    var young =
        timeline(
            new ClusterHistory(new ProbeHistory(quarters.subList(60, 97)), List.of(), List.of()));
    var stopped =
        timeline(
            new ClusterHistory(new ProbeHistory(quarters.subList(0, 40)), List.of(), List.of()));
    var interrupted =
        timeline(
            new ClusterHistory(
                new ProbeHistory(
                    IntStream.rangeClosed(0, 96)
                        .filter(i -> i < 50 || i > 59)
                        .mapToObj(quarters::get)
                        .toList()),
                List.of(),
                List.of()));

    assertThat(none.gaps()).containsExactly(new Mark("92.0", "662.0", "1140.0", "no data"));
    assertThat(young.gaps()).extracting(Mark::width).containsExactly("712.5");
    assertThat(stopped.gaps()).extracting(Mark::x).containsExactly("567.0");
    assertThat(interrupted.gaps()).extracting(Mark::width).containsExactly("118.8");
    assertThat(none.description()).endsWith("no data of probes.");
    assertThat(young.description()).endsWith("no failed probes, no data before 03:00.");
  }

  @Test
  void aShortOpenIncidentIsVisible() {
    var open = timeline(new ClusterHistory(day(-1, 0), incident(5, -1).all(), List.of()));

    assertThat(open.incidents())
        .extracting(mark -> mark.x() + " " + mark.width())
        .containsExactly("1226.0 6.0");
    assertThat(open.incidents().get(0).text()).endsWith(", open");
  }

  @Test
  void leavesOutWhatIsOlder() {
    var old =
        timeline(
            new ClusterHistory(
                day(-1, 0), incident(3_600 * 30, 3_600 * 25).all(), List.of(change(3_600 * 25))));

    assertThat(old.incidents()).isEmpty();
    assertThat(old.changes()).isEmpty();
    assertThat(old.latestIncidents().total()).isZero();
  }

  private static Timeline timeline(ClusterHistory history) {
    return Timeline.of(Layout.WIDE, NOW, history);
  }

  /** All quarters of the day, of which one has failed probes. */
  private static ProbeHistory day(int failing, double ratio) {
    return new ProbeHistory(
        IntStream.rangeClosed(0, 96)
            .mapToObj(
                i -> {
                  var start = NOW.minusSeconds(900L * (96 - i));
                  var failed = i == failing ? Math.round(100 * ratio) : 0;
                  return new Quarter(start, start, Map.of(Layer.L7, new Share(failed, 100)));
                })
            .toList());
  }

  /** Began and ended so many seconds ago; ended negative: it is open. */
  private static IncidentHistory incident(int began, int ended) {
    var finding =
        Finding.builder(RootCause.IPAMD_DOWN, "node/a", 90).evidence("seen").fix("fix it").build();
    var open =
        update(
            IncidentHistory.NONE,
            began,
            List.of(new IncidentHistory.Open(NOW.minusSeconds(began), finding)));
    return ended < 0 ? open : update(open, ended, List.of());
  }

  private static IncidentHistory update(
      IncidentHistory before, int ago, List<IncidentHistory.Open> findings) {
    return before.update(
        new IncidentHistory.Diagnosed(
            NOW.minusSeconds(ago), findings, Set.of(), Inventory.EMPTY, List.of(), true));
  }

  private static Change change(int ago) {
    return new Change(
        NOW.minusSeconds(ago + 60),
        NOW.minusSeconds(ago),
        Change.Kind.CHANGED,
        "service/shop/web",
        List.of(),
        "type",
        "ClusterIP",
        "NodePort",
        "");
  }
}
