package io.eksnet.controller.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Subnet;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.plan.ValidationError;
import io.eksnet.web.About;
import io.eksnet.web.Views;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterPageTest {
  private static final String HOSTILE = "<img src=x onerror=alert(1)>\"'&\r\nretry: 1\u0007\u0085";

  @Test
  void escapesHostileNames() {
    var page = html(Views.named(HOSTILE));

    assertThat(page).doesNotContain("<img").doesNotContain("\r").doesNotContain("\u0007", "\u0085");
    for (var section : ClusterPage.sections(Views.named(HOSTILE)).entrySet()) {
      if (!List.of("path", "cost").contains(section.getKey())) {
        assertThat(section.getValue()).contains("&lt;img src=x onerror=alert(1)&gt;\"'&amp;");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"causes", "layers", "matrix", "subnets", "balancers", "failures", "cost"})
  void neverShowsMissingDataAsHealthy(String id) {
    var section = ClusterPage.sections(Views.NOTHING).get(id);

    assertThat(section).doesNotContain("working: ", "#ok");
    assertThat(section).containsIgnoringCase("unknown");
  }

  @Test
  void showsWhyAResourceTypeIsUnavailable() {
    var denied =
        Snapshot.<List<Subnet>>notYet(Duration.ofMinutes(1))
            .after(
                new Unavailable(Unavailable.Reason.DENIED, "ec2:DescribeSubnets is not allowed"));
    var view = Views.with(Views.healthy(3), Resources.SUBNETS, denied);

    assertThat(section(view, "subnets")).contains("Unknown: ec2:DescribeSubnets is not allowed.");
    assertThat(section(view, "layers"))
        .contains("unknown: </span><b>L3: addresses, routes</b>", "9 probes; unknown: subnets");
    assertThat(section(view, "verdict")).contains("No probe fails").contains("unknown: subnets");
  }

  @Test
  void showsAllFieldsOfAFinding() {
    var causes = section(Views.incident(8), "causes");

    assertThat(causes)
        .contains("<h3 id=\"", ">CoreDNS pods cannot be scheduled</h3>")
        .contains("<code>coredns_unschedulable</code>")
        .contains("deployment/kube-system/coredns")
        .contains("high (90 %)")
        .contains("medium (70 %)")
        .contains("untolerated taint {dedicated: batch}")
        .contains("Not the VPC resolver: it answers from all nodes")
        .contains("downstream_of_dns: STS is unreachable because DNS fails");
    assertThat(causes)
        .containsSubsequence(
            "kubectl -n kube-system describe",
            "Add nodes without the taint",
            "Check that dns_pods");
    assertThat(causes).containsSubsequence("subnet_exhausted", "1 consequence", "Repair DNS first");
  }

  @Test
  void showsWhatIsNotProbedOnlyIfThereIsSomething() {
    var errors =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    new ValidationError(
                        "probe/shop/p" + i, "spec.params", "has no counterpart", "remove it"))
            .toList();

    assertThat(section(Views.notProbed(Views.healthy(3), errors), "causes"))
        .contains("Not probed because of 60 errors")
        .contains("<li>probe/shop/p49: spec.params: has no counterpart. Remedy: remove it.</li>")
        .contains("<li>and 10 more</li>")
        .doesNotContain("p50")
        .contains("No root causes found");
    assertThat(section(Views.healthy(3), "causes")).doesNotContain("Not probed");
  }

  @Test
  void findingsThatExplainEachOtherAreAllCauses() {
    var first = Views.findings().get(0);
    var circle =
        List.of(
            new Finding(
                RootCause.NO_EGRESS,
                "cluster",
                first.confidence(),
                List.of("x"),
                List.of(),
                List.of("y"),
                List.of(),
                Set.of(first.cause()),
                Duration.ZERO),
            new Finding(
                first.cause(),
                "cluster",
                first.confidence(),
                List.of("x"),
                List.of(),
                List.of("y"),
                List.of(),
                Set.of(RootCause.NO_EGRESS),
                Duration.ZERO));

    assertThat(section(Views.with(Views.healthy(3), circle), "verdict"))
        .contains("And 1 more cause");
  }

  @Test
  void showsTheStateOfEachLayer() {
    assertThat(section(Views.healthy(12), "layers"))
        .contains("working: </span><b>DNS</b> <span class=\"d\">24 probes")
        .contains("working: </span><b>L3:", "working: </span><b>L4:", "working: </span><b>L7:")
        .contains("working: </span><b>Credentials</b>", "working: </span><b>Cluster:")
        .contains("working: </span><b>Prober: eksnet</b> <span class=\"d\">12 agents reporting");
    assertThat(section(Views.incident(12), "layers"))
        .contains("failing: </span><b>DNS</b> <span class=\"d\">1 cause")
        .contains("failing: </span><b>L3:", "working: </span><b>L4:");
  }

  @Test
  void countsTargetsByStateAndExplainsUnhealthyOnes() {
    var view =
        Views.with(
            Views.healthy(3),
            Resources.TARGET_HEALTH,
            Views.fresh(List.of(Views.health("k8s-shop", "healthy", "unhealthy", "draining"))));

    assertThat(section(view, "balancers"))
        .contains("1 draining, 1 healthy, 1 unhealthy")
        .contains("10.0.1.1 port 8080 in eu-west-1a: unhealthy, Target.Timeout")
        .contains("<span class=\"mute\">HTTP 8080</span>: health unknown");
  }

  @Test
  void sortsSubnetsByFreeAddresses() {
    var subnets = section(Views.incident(3), "subnets");

    assertThat(subnets)
        .containsSubsequence("subnet-0b1", "3 of 251, 1 %", "121 to 3 in 59 min", "subnet-0a1");
    assertThat(subnets).contains("0 free /28 blocks").contains("None left in about 90 s at 120/h");
    assertThat(subnets).contains("Too little data: 0 samples");
  }

  @Test
  void staysSmallWithFiveHundredNodes() {
    var page = html(Views.healthy(500));
    var sick = html(Views.incident(500));

    assertThat(page).contains("All 500 nodes are healthy.").contains("All clear");
    assertThat(page.length()).isLessThan(60_000);
    assertThat(sick).contains("And 105 more nodes that are not healthy.");
    assertThat(sick.length()).isLessThan(150_000);
  }

  @Test
  void showsTheTraceOfAFailure() {
    assertThat(section(Views.incident(3), "failures"))
        .contains("<time datetime=\"2026-11-21T11:59:56Z\"", "asked                10.100.0.10:53");
  }

  @Test
  void rendersTheSameHtmlForTheSameView() {
    assertThat(html(Views.incident(40))).isEqualTo(html(Views.incident(40)));
  }

  private static String section(ClusterView view, String id) {
    return ClusterPage.sections(view).getOrDefault(id, "no such section");
  }

  private static String html(ClusterView view) {
    return ClusterPage.html(view, new About("eksnet", "0.1.0", "abcdef", Optional.empty()));
  }
}
