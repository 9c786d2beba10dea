package io.eksnet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.Note;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Phase;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import io.eksnet.model.diagnosis.AddressPool;
import io.eksnet.model.diagnosis.HostReport;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeWatchTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final NodeWatch watch = new NodeWatch();

  @Test
  void knowsNothingBeforeTheFirstResult() {
    assertThat(watch.report(NOW)).isEqualTo(HostReport.NOTHING);
  }

  @Test
  void reportsTheIncreaseOfCountersAcrossAReset() {
    ipamd(NOW.minusSeconds(60), 20, 10, 100);
    ipamd(NOW.minusSeconds(30), 20, 15, 103);
    ipamd(NOW, 20, 18, 2);

    var report = watch.report(NOW);

    assertThat(report.ipamd()).contains(true);
    assertThat(report.pool()).contains(new AddressPool(20, 18, 0, 0, 5, Map.of("Assign/Full", 5L)));
  }

  @Test
  void dropsOldResults() {
    ipamd(NOW.minusSeconds(700), 20, 10, 100);
    ipamd(NOW.minusSeconds(660), 20, 10, 200);
    ipamd(NOW, 20, 10, 201);

    assertThat(watch.report(NOW).pool().orElseThrow().refused()).isZero();
    assertThat(watch.report(NOW.plusSeconds(200)).pool()).isEmpty();
  }

  @Test
  void dropsThePoolOfAnIpamdThatNoLongerResponds() {
    ipamd(NOW, 20, 10, 100);
    failed("ipamd", NOW.plusSeconds(60));
    assertThat(watch.report(NOW.plusSeconds(60)).pool()).isPresent();

    failed("ipamd", NOW.plusSeconds(7_200));
    assertThat(watch.report(NOW.plusSeconds(7_200)).ipamd()).as("nothing was before").isEmpty();
    failed("ipamd", NOW.plusSeconds(7_200));

    assertThat(watch.report(NOW.plusSeconds(7_200)).ipamd()).contains(false);
    assertThat(watch.report(NOW.plusSeconds(7_200)).pool()).isEmpty();
  }

  @Test
  void componentThatFailsIsDownAndOneWithoutProbeIsUnknown() {
    failed("identity", NOW.minusSeconds(30));
    assertThat(watch.report(NOW).podIdentityAgent()).isEmpty();

    failed("identity", NOW);

    assertThat(watch.report(NOW).podIdentityAgent()).contains(false);
    assertThat(watch.report(NOW).ipamd()).isEmpty();
  }

  @Test
  void oneFailedRunAloneIsNoComponentThatIsDown() {
    ipamd(NOW.minusSeconds(60), 20, 10, 100);
    failed("ipamd", NOW.minusSeconds(45));
    assertThat(watch.report(NOW).ipamd()).contains(true);

    ipamd(NOW.minusSeconds(30), 20, 10, 100);
    failed("ipamd", NOW.minusSeconds(15));
    assertThat(watch.report(NOW).ipamd()).contains(true);

    failed("ipamd", NOW);
    assertThat(watch.report(NOW).ipamd()).contains(false);
  }

  @Test
  void stsIsPrivateIfAllItsAddressesAre() throws Exception {
    sts("10.0.0.7", "10.0.1.7");
    assertThat(watch.report(NOW).privateEndpoints()).isEqualTo(Map.of("sts", true));

    sts("10.0.0.7", "54.239.1.1");
    assertThat(watch.report(NOW).privateEndpoints()).isEqualTo(Map.of("sts", false));
  }

  @Test
  void namesTheAddressesOfAnEndpointThatFailWhileOthersRespond() {
    endpoint("ecr.api", true, false, false);
    endpoint("ec2", false, false);
    endpoint("eks", true, true);
    endpoint("s3", true, true);
    assertThat(watch.report(NOW).failingAddresses()).as("after one run").isEmpty();

    endpoint("ecr.api", true, false, true);
    endpoint("ec2", false, false);
    endpoint("eks", true, true);
    endpoint("s3", true, false);

    assertThat(watch.report(NOW).failingAddresses())
        .isEqualTo(Map.of("ecr.api", List.of("10.0.1.7")));
  }

  private void endpoint(String service, boolean... up) {
    var parts = new ArrayList<Outcome.Part>();
    for (var i = 0; i < up.length; i++) {
      parts.add(
          new Outcome.Part(
              "10.0." + i + ".7",
              up[i]
                  ? new Outcome.Success(Timings.NONE)
                  : new Outcome.Failure(Phase.CONNECT, Cause.TIMEOUT, "no response")));
    }
    watch.onObservation(
        new Observation(
            task(new SeriesKey.EndpointKey(service)),
            NOW,
            Duration.ZERO,
            new Outcome.Several(parts)));
  }

  @Test
  void reportsTheNameserverCheck() {
    watch.nameservers(Optional.of(false));

    assertThat(watch.report(NOW).nameserversOk()).contains(false);
  }

  private void failed(String suite, Instant at) {
    watch.onObservation(
        new Observation(
            task(new SeriesKey.NodeComponentKey(suite)),
            at,
            Duration.ZERO,
            new Outcome.Failure(Phase.CONNECT, Cause.CONN_REFUSED, "refused")));
  }

  /** With IPv6 ipamd counts the addresses of a whole /80. */
  @Test
  void ignoresAPoolLargerThanAnyInstanceCanHave() {
    report(
        new SeriesKey.NodeComponentKey("ipamd"),
        NOW,
        new Note.Read(
            List.of(
                new ScrapedSample("eksnet_ipamd_addresses", Map.of("state", "total"), 0x1p48),
                new ScrapedSample("eksnet_ipamd_addresses", Map.of("state", "assigned"), 10))));

    assertThat(watch.report(NOW).ipamd()).contains(true);
    assertThat(watch.report(NOW).pool()).isEmpty();
  }

  private void ipamd(Instant at, int total, int assigned, int refused) {
    report(
        new SeriesKey.NodeComponentKey("ipamd"),
        at,
        new Note.Read(
            List.of(
                new ScrapedSample("eksnet_ipamd_addresses", Map.of("state", "total"), total),
                new ScrapedSample("eksnet_ipamd_addresses", Map.of("state", "assigned"), assigned),
                new ScrapedSample("eksnet_ipamd_no_ip_total", Map.of(), refused),
                new ScrapedSample(
                    "eksnet_ipamd_aws_api_error_total",
                    Map.of("api", "Assign", "error", "Full"),
                    refused))));
  }

  private void sts(String... addresses) throws Exception {
    var resolved = new ArrayList<InetAddress>();
    for (var address : addresses) {
      resolved.add(InetAddress.getByName(address));
    }
    report(new SeriesKey.StsKey(), NOW, new Note.Resolved(resolved));
  }

  private void report(SeriesKey subject, Instant at, Note note) {
    watch.onObservation(
        new Observation(
            task(subject),
            at,
            Duration.ofMillis(3),
            new Outcome.Success(Timings.of(Duration.ofMillis(3)), List.of(note))));
  }

  private static Task task(SeriesKey subject) {
    return new Task(
        "n/" + subject,
        subject,
        "http",
        new Settings(),
        Target.of("t", "127.0.0.1", 1),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        false);
  }

  private record Settings() {}
}
