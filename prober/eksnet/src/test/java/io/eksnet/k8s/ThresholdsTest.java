package io.eksnet.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers of the alerts that values change, in their expressions and in their texts. */
class ThresholdsTest {
  private static final String OTHER = "0.125";
  private static final Pattern TEMPLATE = Pattern.compile("\\{\\{.*?}}");
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\d+(?:\\.\\d+)?"
              + "|\\b(?:half|most|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred)\\b");

  /** The numbers in texts that are facts, whatever the thresholds. */
  private static final Map<String, String> FACTS =
      Map.ofEntries(
          Map.entry("EksNetClusterDnsDown", "half"),
          Map.entry("EksNetConntrackExceeded", "2 3"),
          Map.entry("EksNetDnsLostPackets", "5"),
          Map.entry("EksNetDnsSlow", "99"),
          Map.entry("EksNetDnsTcpBroken", "53"),
          Map.entry("EksNetIngressNoAddress", "0.125 3 7"),
          Map.entry("EksNetLbProbe5xx", "5 5"),
          Map.entry("EksNetLinkLocalThrottled", "10 1024"),
          Map.entry("EksNetPodSandboxNoIp", "5"),
          Map.entry("EksNetProbesNotRun", "10"),
          Map.entry("EksNetScheduleLagging", "99"),
          Map.entry("EksNetSubnetIpExhausted", "6 16 16"),
          Map.entry("EksNetSubnetIpExhaustionPredicted", "two 0.125"));

  @TempDir Path directory;

  @Test
  void theDefaultOfAThresholdIsTheNumberOfTheFile() throws IOException {
    var defaults =
        Helm.parse(Files.readString(Helm.CHART.resolve("values.yaml")))
            .get(0)
            .at("/prometheusRule/thresholds");

    assertThat(defaults.size()).isEqualTo(thresholds().size());
    for (var entry : thresholds().properties()) {
      assertThat(defaults.path(entry.getKey()).asDouble())
          .as(entry.getKey())
          .isEqualTo(Double.parseDouble(entry.getValue().path("number").asText()));
    }
  }

  @Test
  void aThresholdIsReplacedWhereverItIs() throws IOException {
    var changed = allOther();
    for (var threshold : thresholds()) {
      for (var places : threshold.path("in").properties()) {
        for (var place : places.getValue()) {
          var text = place.asText();
          var now = text.replace(threshold.path("number").asText(), OTHER);

          assertThat(PackedRules.texts(Helm.objects(PackedRules.STACK), places.getKey()))
              .anySatisfy(known -> assertThat(known).contains(text));
          assertThat(PackedRules.texts(changed, places.getKey()))
              .noneSatisfy(known -> assertThat(known).contains(text))
              .anySatisfy(known -> assertThat(known).contains(now));
        }
      }
    }
    for (var rule : PackedRules.of(changed).toList()) {
      var file = directory.resolve(rule.name() + ".yaml");
      Files.writeString(file, rule.at("/spec").toString());
      Promtool.check("rules", file);
    }
  }

  @Test
  void noTextHasANumberThatAThresholdChanges() throws IOException {
    for (var threshold : thresholds()) {
      for (var name : (Iterable<String>) () -> threshold.path("in").fieldNames()) {
        if (!name.endsWith("ErrorBudgetBurn")) {
          assertThat(numbers(PackedRules.named(allOther(), name).get(0)))
              .as(name)
              .isEqualTo(FACTS.getOrDefault(name, ""));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EksNetDnsErrorBudgetBurn, DNS lookups, Find the failing server or node first.",
    "EksNetLbErrorBudgetBurn, requests to load balancer {{ $labels.lb }},"
        + " Check target health and recent rollouts first."
  })
  void errorBudgetTextsHaveNoNumbersButRatesAndWindows(String name, String what, String advice)
      throws IOException {
    var start = "{{ $value | humanizePercentage }} of the " + what + " failed in the last ";
    var end = " what the error budget allows, in the last ";

    assertThat(PackedRules.named(allOther(), name))
        .extracting(rule -> rule.at("/annotations/description").asText())
        .containsExactly(
            start + "1h: more than 14.4 times" + end + "5m too. " + advice,
            start + "6h: more than 6 times" + end + "30m too. " + advice,
            start + "1d: more than 3 times" + end + "2h too. " + advice,
            start + "3d: more than" + end + "6h too. " + advice);
  }

  @Test
  void aThresholdChangesOnlyItsOwnConditions() throws IOException {
    var contexts = new HashMap<String, List<String>>();
    for (var threshold : thresholds()) {
      var number = threshold.path("number").asText();
      for (var places : threshold.path("in").properties()) {
        for (var place : places.getValue()) {
          contexts
              .computeIfAbsent(places.getKey(), name -> new ArrayList<>())
              .add(place.asText().replace(number, "#"));
        }
      }
    }

    // Two values that happen to be equal are still two thresholds.
    contexts.forEach((name, texts) -> assertThat(texts).as(name).doesNotHaveDuplicates());
  }

  @Test
  void theForecastAsksForAsManyAddressesAsTheAlertItForesees() {
    var objects =
        Helm.objects(
            PackedRules.STACK, "--set", "prometheusRule.thresholds.subnetFreeAddresses=40");

    assertThat(PackedRules.texts(objects, "EksNetSubnetIpExhaustionPredicted"))
        .first()
        .asString()
        .contains("4 * 3600) < 40\n", "usable_ips:max > 16\n");
    assertThat(PackedRules.texts(objects, "EksNetSubnetIpExhausted"))
        .first()
        .asString()
        .as("the size of a /28 is no threshold")
        .contains("available_ips:max < 40\n", "usable_ips:max <= 16 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--set", "--set-string", "--set-json"})
  void aThresholdMayBeGivenInAnyWay(String by) {
    var objects =
        Helm.objects(PackedRules.STACK, by, "prometheusRule.thresholds.subnetFreeRatio=0.3");

    assertThat(PackedRules.texts(objects, "EksNetSubnetIpLow"))
        .first()
        .asString()
        .contains(":ratio < 0.3\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"subnetFreeRatio=1.5", "subnetFreeRatio=few", "certificateDays=010"})
  void aThresholdThatIsNoneIsRefused(String wrong) {
    for (var by : List.of("--set", "--set-string")) {
      var run = Helm.template(by, "prometheusRule.thresholds." + wrong);

      assertThat(run.exit()).isNotZero();
      assertThat(run.err()).contains(wrong.substring(0, wrong.indexOf('=')));
    }
  }

  private static JsonNode thresholds() throws IOException {
    var file = Helm.CHART.resolve("files/thresholds.yaml");
    return Helm.parse(Files.readString(file)).get(0).json();
  }

  private static List<Manifest> allOther() throws IOException {
    var others = new ObjectMapper().createObjectNode();
    for (var entry : thresholds().properties()) {
      others.put(entry.getKey(), Double.parseDouble(OTHER));
    }
    return Helm.objects(PackedRules.STACK, "--set-json", "prometheusRule.thresholds=" + others);
  }

  private static String numbers(JsonNode rule) {
    var text =
        rule.at("/annotations/summary").asText() + rule.at("/annotations/description").asText();
    var constant = TEMPLATE.matcher(text).replaceAll("");
    return String.join(" ", NUMBER.matcher(constant).results().map(MatchResult::group).toList());
  }
}
