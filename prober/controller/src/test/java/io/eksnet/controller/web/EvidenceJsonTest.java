package io.eksnet.controller.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.HostReport;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.SubnetRole;
import io.eksnet.model.inventory.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceJsonTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456789Z");
  private static final Evidence EVIDENCE =
      new Evidence(
          NOW,
          Inventory.EMPTY
              .with(
                  Resources.SUBNETS,
                  Snapshot.of(
                      List.of(
                          new Subnet(
                              "subnet-1",
                              "eu-west-1a",
                              "10.0.0.0/24",
                              200,
                              Set.of(SubnetRole.values()),
                              Map.of("kubernetes.io/role/elb", "1"),
                              List.of())),
                      NOW.minusSeconds(7),
                      Duration.ofMillis(1_500)))
              .with(
                  Resources.FREE_PREFIXES,
                  Snapshot.of(Map.of("subnet-1", 3), NOW, Duration.ofHours(1)))
              .with(
                  Resources.CLUSTER,
                  Snapshot.<io.eksnet.model.inventory.EksCluster>notYet(Duration.ofMinutes(5))
                      .after(
                          new Unavailable(
                              Unavailable.Reason.DENIED, "no \"eks:DescribeCluster\""))),
          List.of(
              new AgentReport(
                  "n1",
                  "eu-west-1a",
                  List.of(
                      new ResultWindow(
                          new SeriesKey.StsKey(),
                          List.of(
                              new Result(
                                  NOW, "timeout", Phase.CONNECT, 0, false, false, 0, Map.of())))),
                  HostReport.NOTHING)));

  private static final String VERSION = "{\"version\":5,";

  @Test
  void readsWhatItWroteToTheNanosecond() {
    assertThat(EvidenceJson.read(text())).isEqualTo(EVIDENCE);
  }

  @Test
  void startsWithItsVersionAndReadsATextWithoutOne() {
    assertThat(text()).startsWith(VERSION);
    assertThat(EvidenceJson.read(text().replace(VERSION, "{"))).isEqualTo(EVIDENCE);
    assertThatThrownBy(() -> EvidenceJson.read(text().replace(VERSION, "{\"version\":6,")))
        .hasMessage("the evidence has version 6 and this program reads 1 to 5");
  }

  /** Earlier versions lacked some lists and had keys that nothing reads any more. */
  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"version\":2,", "{\"version\":3,", "{\"version\":4,"})
  void readsEarlierVersionsWithoutLaterListsAndWithRemovedKeys(String version) {
    var earlier =
        text()
            .replace(VERSION, version)
            .replace(",\"reservations\":[]", ",\"vpc_id\":\"vpc-1\",\"ipv6\":false")
            .replace(
                "\"inventory\":{", "\"inventory\":{\"security_group_policies\":{\"value\":[{}]},");

    assertThat(EvidenceJson.read(earlier)).isEqualTo(EVIDENCE);
    assertThatThrownBy(() -> EvidenceJson.read(text().replace(",\"reservations\":[]", "")))
        .hasMessageContaining("Missing required creator property 'reservations'");
    assertThatThrownBy(() -> EvidenceJson.read(earlier.replace("\"available\":", "\"avaliable\":")))
        .hasMessageContaining("available");
  }

  @Test
  void readsEveryDeclaredResource() {
    var known = Inventory.EMPTY;
    for (Resource<?> part : Resources.all()) {
      known = lacking(known, part);
    }
    var evidence = new Evidence(NOW, known, List.of());

    assertThat(EvidenceJson.read(EvidenceJson.write(evidence))).isEqualTo(evidence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "200|\"200\"|Evidence.inventory.subnets.value[0].available: Cannot coerce String value",
        "200|200.5|Evidence.inventory.subnets.value[0].available: Cannot coerce Floating-point",
        "200|3000000000|Evidence.inventory.subnets.value[0].available: Numeric value (3000000000)",
        "200|1e400|Evidence.inventory.subnets.value[0].available: Cannot coerce Floating-point",
        "200|123456789012345678901|Evidence.inventory.subnets.value[0].available: Numeric value",
        "200|null|Evidence.inventory.subnets.value[0].available: Cannot map `null`",
        "200|[[[[1]]]]|Evidence.inventory.subnets.value[0].available: Cannot deserialize",
        "\"available\":|\"avaliable\":|Evidence.inventory.subnets.value[0].available: Missing"
            + " required",
        "\"available\":|\"zone\":|this is no JSON: Duplicate field 'zone', line 1, column",
        "\"subnets\":|\"sub\\u0007nets\":|Evidence.inventory.sub?nets: Unrecognized field",
        "\"reservations\":[]|\"reservations\":null|reservations: Null value for creator property",
        "\"reservations\":[]|\"reservations\":[],\"x\":[]|value[0].x: Unrecognized field",
        "\"available\":200,||value[0].available: Missing required creator property",
        "\"eu-west-1a\"|7|Evidence.inventory.subnets.value[0].zone: Cannot coerce Integer value",
        "1.5|1e99|Evidence.inventory.subnets.every: must be a number of seconds below 292 years",
        "1.5|\"NaN\"|Evidence.inventory.subnets.every: must be a number of seconds below 292 years",
        "2026-11-21T12:00:00.123456789Z|tomorrow|Evidence.now: \"tomorrow\" is no time",
        "\"denied\"|\"forbidden\"|Evidence.inventory.cluster.lack.why: Cannot deserialize",
        "\"sts_path\"|\"runtime\"|Evidence.agents[0].tracks[0].subject: Could not resolve",
        "\"value\":{\"subnet-1\":3},|\"x\":1,\"value\":{\"subnet-1\":3},|free_prefixes.x:"
            + " Unrecognized",
        "\"value\":{\"subnet-1\":3},||Evidence.inventory.free_prefixes: a snapshot without a value",
      })
  void namesTheProblemAndItsPlace(String written, String hostile, String message) {
    var text = text().replaceFirst(java.util.regex.Pattern.quote(written), quoted(hostile));

    assertThat(text).isNotEqualTo(text());
    assertThatThrownBy(() -> EvidenceJson.read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void rejectsATextTruncatedAnywhere() {
    var text = text();
    for (var length = 0; length < text.length(); length++) {
      var cut = text.substring(0, length);
      assertThatThrownBy(() -> EvidenceJson.read(cut))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("this is n");
    }
    assertThatThrownBy(() -> EvidenceJson.read(text + "{}"))
        .hasMessage("this is not one JSON object");
  }

  @Test
  void boundsDepthAndLengthAndKeepsMessagesShort() {
    for (var hostile :
        List.of(
            "[".repeat(1_000_000),
            "{\"now\":".repeat(1_000_000),
            "{\"now\":" + "9".repeat(1_000_000) + "}",
            "{\"" + "x".repeat(1_000_000) + "\":1}",
            "{\"now\":\"" + "x".repeat(1_000_000) + "\"}")) {
      assertThatThrownBy(() -> EvidenceJson.read(hostile))
          .isInstanceOf(IllegalArgumentException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }
  }

  private static <T> Inventory lacking(Inventory known, Resource<T> part) {
    return known.with(part, Snapshot.notYet(Duration.ofSeconds(30)));
  }

  private static String quoted(@org.jspecify.annotations.Nullable String hostile) {
    var text = hostile == null ? "" : hostile;
    return java.util.regex.Matcher.quoteReplacement(text);
  }

  private static String text() {
    return EvidenceJson.write(EVIDENCE);
  }
}
