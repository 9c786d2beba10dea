package io.eksnet.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.dashboards.Dashboards.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A cause with a longer hold than its consequences is still notified first. */
class InTimeTest {
  private static final Pattern MATCHER = Pattern.compile("(\\w+)(=~|!=|=)\"([^\"]*)\"");

  /** What their {@code for} does not say: the consequence needs longer to be true. */
  private static final Set<String> BY_EXPRESSION =
      Set.of(
          // five missed polls, three minutes or more
          "EksNetAwsApiThrottled before EksNetPollStale",
          // not probed until they are active
          "EksNetLbNotActive before EksNetLbProbeUnreachable",
          "EksNetLbProvisioningStuck before EksNetLbProbeUnreachable");

  /** Grouping and wait times of an alert's notifications. */
  private record Way(List<String> matchers, Object groupBy, Duration delay) {}

  @Test
  void reportsCauseBeforeItsConsequence() throws Exception {
    var config = Dashboards.yaml(Dashboards.ROOT.resolve("alertmanager/alertmanager.yaml"));
    var route = Dashboards.map(config.get("route"));
    var alerts = new HashMap<String, Rule>();
    Dashboards.alerts().forEach(rule -> alerts.putIfAbsent(rule.alert().orElseThrow(), rule));
    var late = new TreeSet<String>();

    for (var inhibition : Dashboards.maps(config.get("inhibit_rules"))) {
      for (var cause : names(inhibition.get("source_matchers"))) {
        for (var consequence : names(inhibition.get("target_matchers"))) {
          if (texts(inhibition.get("equal")).contains("alertname") && !cause.equals(consequence)) {
            continue;
          }
          var first = alerts.get(cause);
          var then = alerts.get(consequence);
          var way = way(route, then);
          if (!way.equals(way(route, first))
              && hold(first).compareTo(hold(then).plus(way.delay())) > 0) {
            late.add(cause + " before " + consequence);
          }
        }
      }
    }

    assertThat(late).isEqualTo(new TreeSet<>(BY_EXPRESSION));
  }

  private static Way way(Map<String, Object> route, Rule alert) {
    var way = route;
    var matched = new ArrayList<String>();
    var settings = new HashMap<String, Object>(route);
    for (var next = next(way, alert); next != null; next = next(way, alert)) {
      way = next;
      settings.putAll(next);
      matched.addAll(texts(next.get("matchers")));
    }
    return new Way(
        matched, settings.get("group_by"), duration(String.valueOf(settings.get("group_wait"))));
  }

  private static Map<String, Object> next(Map<String, Object> route, Rule alert) {
    return Dashboards.maps(route.getOrDefault("routes", List.of())).stream()
        .filter(child -> texts(child.get("matchers")).stream().allMatch(m -> matches(m, alert)))
        .findFirst()
        .orElse(null);
  }

  private static boolean matches(String text, Rule alert) {
    var matcher = parsed(text);
    var value =
        matcher.group(1).equals("alertname")
            ? alert.alert().orElseThrow()
            : alert.labels().getOrDefault(matcher.group(1), "");
    return matcher.group(2).equals("=~")
        ? value.matches(matcher.group(3))
        : value.equals(matcher.group(3));
  }

  private static List<String> names(Object matchers) {
    return texts(matchers).stream()
        .map(InTimeTest::parsed)
        .filter(matcher -> matcher.group(1).equals("alertname"))
        .flatMap(matcher -> Pattern.compile("\\|").splitAsStream(matcher.group(3)))
        .toList();
  }

  private static Matcher parsed(String text) {
    var matcher = MATCHER.matcher(text);
    assertThat(matcher.matches()).as(text).isTrue();
    return matcher;
  }

  private static Duration hold(Rule rule) {
    return rule.hold().isEmpty() ? Duration.ZERO : duration(rule.hold());
  }

  private static Duration duration(String text) {
    return Duration.parse("PT" + text);
  }

  private static List<String> texts(Object list) {
    return ((List<?>) list).stream().map(String.class::cast).toList();
  }
}
