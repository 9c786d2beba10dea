package io.eksnet.diagnosis;

import static java.time.Duration.between;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.SeriesKey.DnsKey;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.SeriesKey.PodKey;
import io.eksnet.model.SeriesKey.StsKey;
import io.eksnet.model.SeriesKey.TargetKey;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.schedule.FixedGrid;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each probe runs on its own schedule, so some have recorded the start or the end of an outage and
 * others have not. The difference must not produce other findings.
 */
class OutagesTest {
  private static final Duration INTERVAL = Duration.ofSeconds(15);
  private static final Duration LENGTH = Duration.ofMinutes(2);
  private static final Predicate<SeriesKey> CORE_DNS =
      Scene.dns("service").or(Scene.dns("backend"));

  /** After this, lost packets are sent again: a run may succeed after the outage ends. */
  private static final Duration RETRY = Duration.ofSeconds(5);

  private static final int KEPT = 4;
  private static final Predicate<SeriesKey> VPC_RESOLVER = Scene.dns("vpc_resolver");
  private static final Predicate<SeriesKey> THROUGH_CORE_DNS =
      Scene.dns("service", "external").or(Scene.dns("service", "aws"));
  private static final int SEEDS = 8;
  private static final String SILENT = "10.0.0.10";

  /** Which series fail on which nodes, and with which outcome. */
  record Outage(
      String name,
      Predicate<String> nodes,
      Predicate<SeriesKey> subjects,
      Function<SeriesKey, String> how,
      Phase where) {
    boolean strikes(String node, SeriesKey subject) {
      return nodes.test(node) && subjects.test(subject);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Outage> outages() {
    return Stream.of(
        everywhere("CoreDNS refuses", CORE_DNS, "conn_refused", Phase.PROCESSING),
        everywhere("CoreDNS is silent", CORE_DNS, "timeout", Phase.PROCESSING),
        everywhere("CoreDNS fails", CORE_DNS, "servfail", Phase.PROCESSING),
        new Outage(
            "the VPC resolver is silent, and CoreDNS answers SERVFAIL",
            node -> true,
            VPC_RESOLVER.or(THROUGH_CORE_DNS),
            subject -> VPC_RESOLVER.test(subject) ? "timeout" : "servfail",
            Phase.PROCESSING),
        everywhere("all of DNS is silent", Scene.a(DnsKey.class), "timeout", Phase.PROCESSING),
        everywhere("the Service is silent", Scene.dns("service"), "timeout", Phase.PROCESSING),
        everywhere("pods are cut off", Scene.a(PodKey.class), "timeout", Phase.CONNECT),
        everywhere("STS is silent", Scene.a(StsKey.class), "timeout", Phase.CONNECT),
        everywhere("targets are silent", Scene.a(TargetKey.class), "timeout", Phase.CONNECT),
        everywhere("load balancers refuse", Scene.a(LbKey.class), "conn_refused", Phase.CONNECT),
        everywhere("nothing works", subject -> true, "timeout", Phase.CONNECT),
        new Outage(
            "a node is cut off",
            "n1"::equals,
            subject -> true,
            subject -> "timeout",
            Phase.CONNECT));
  }

  @ParameterizedTest
  @MethodSource("outages")
  void findsNoOtherCauseAtStartAndEndOfOutage(Outage outage) {
    for (var seed = 0; seed < SEEDS; seed++) {
      var whole = at(outage, seed, LENGTH.toSeconds() - 1);
      for (var after = -5L; after < LENGTH.toSeconds() + 5 * INTERVAL.toSeconds(); after++) {
        assertThat(whole.causes())
            .as("seed %d, %d s after it began, of %s", seed, after, LENGTH)
            .containsAll(at(outage, seed, after).causes());
      }
    }
  }

  /**
   * kube-proxy sends each attempt to a random replica, so queries through the Service fail
   * sometimes.
   */
  @Test
  void findsNoOtherCauseForOneSilentReplica() {
    for (var seed = 0; seed < 4 * SEEDS; seed++) {
      for (var after = 0L; after < LENGTH.toSeconds(); after += 5) {
        var began = Scene.NOW.minusSeconds(after);
        var dice = new Random(seed);
        var scene =
            Scene.healthy()
                .agents(agent -> withWindows(agent, window -> byChance(window, began, dice)));
        assertThat(scene.findings())
            .as("seed %d, %d s after it began", seed, after)
            .filteredOn(finding -> finding.holdFor().compareTo(between(began, Scene.NOW)) <= 0)
            .extracting(Finding::cause)
            .isSubsetOf(RootCause.COREDNS_REPLICA_SICK);
      }
    }
  }

  private static ResultWindow byChance(ResultWindow window, Instant began, Random dice) {
    if (!(window.key() instanceof DnsKey dns) || dns.path().equals("vpc_resolver")) {
      return window;
    }
    var ago = Duration.ofMillis(dice.nextInt((int) INTERVAL.toMillis()));
    return new ResultWindow(
        dns,
        IntStream.range(0, KEPT)
            .mapToObj(back -> Scene.NOW.minus(ago).minus(INTERVAL.multipliedBy(back)))
            .map(at -> at.isBefore(began) ? success(at, false, RETRY) : rolled(dns, at, dice))
            .toList());
  }

  private static Result rolled(DnsKey dns, Instant at, Random dice) {
    var through = dns.path().equals("service");
    var first = through ? dice.nextBoolean() : dns.server().equals(SILENT);
    var second = first && (!through || dns.proto().equals("tcp") || dice.nextBoolean());
    return second
        ? new Result(at, "timeout", Phase.PROCESSING, 0, false, false, 0, Map.of())
        : success(at, first, first ? RETRY : Duration.ofMillis(1));
  }

  private static Outage everywhere(
      String name, Predicate<SeriesKey> subjects, String how, Phase where) {
    return new Outage(name, node -> true, subjects, subject -> how, where);
  }

  /** The scene this many seconds after the outage began. */
  private static Scene at(Outage outage, int seed, long seconds) {
    var began = Scene.NOW.minusSeconds(seconds);
    return Scene.healthy().agents(agent -> seen(agent, outage, seed, began));
  }

  private static AgentReport seen(AgentReport agent, Outage outage, int seed, Instant began) {
    return withWindows(
        agent,
        window ->
            outage.strikes(agent.node(), window.key())
                ? struck(window, outage, phase(agent.node(), window.key(), seed, began), began)
                : window);
  }

  private static AgentReport withWindows(AgentReport agent, UnaryOperator<ResultWindow> change) {
    var tracks = agent.windows().stream().map(change).toList();
    return new AgentReport(agent.node(), agent.zone(), tracks, agent.host());
  }

  /** The age of the last run: the schedule stays fixed while time passes. */
  private static Duration phase(String node, SeriesKey subject, int seed, Instant began) {
    var first = FixedGrid.next(node + subject + seed, INTERVAL, Instant.EPOCH);
    var beat = Duration.between(Instant.EPOCH, first).toMillis();
    var since = Duration.between(began, Scene.NOW).toMillis();
    return Duration.ofMillis(Math.floorMod(since - beat, INTERVAL.toMillis()));
  }

  private static ResultWindow struck(
      ResultWindow window, Outage outage, Duration ago, Instant began) {
    var results =
        IntStream.range(0, KEPT)
            .mapToObj(back -> Scene.NOW.minus(ago).minus(INTERVAL.multipliedBy(back)))
            .map(at -> result(window.key(), at, outage, began))
            .filter(result -> !result.at().plusMillis(result.took()).isAfter(Scene.NOW))
            .toList();
    return new ResultWindow(window.key(), results);
  }

  private static Result result(SeriesKey subject, Instant at, Outage outage, Instant began) {
    var how = outage.how().apply(subject);
    if (!strikes(at, began)) {
      return success(at, false, Duration.ofMillis(1));
    }
    return how.equals("timeout") && !strikes(at.plus(RETRY), began)
        ? success(at, true, RETRY)
        : new Result(at, how, outage.where(), 0, false, false, 0, Map.of());
  }

  private static boolean strikes(Instant at, Instant began) {
    return !at.isBefore(began) && at.isBefore(began.plus(LENGTH));
  }

  private static Result success(Instant at, boolean retried, Duration took) {
    return new Result(
        at, "success", Phase.PROCESSING, 0, false, retried, took.toMillis(), Map.of());
  }
}
