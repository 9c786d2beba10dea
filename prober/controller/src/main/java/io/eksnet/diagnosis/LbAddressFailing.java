package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import io.eksnet.diagnosis.ProbeResults.Series;
import io.eksnet.model.Outcome;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.Result;
import io.eksnet.model.diagnosis.ResultWindow;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.LbAddress;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetHealth;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * R82: all agents fail at some addresses of a load balancer, and reach others at the same listener.
 * Clients choose one address of several, so that only some connections fail.
 */
final class LbAddressFailing implements DiagnosisRule {
  private static final int RUNS = 2;

  /**
   * ELB removes a failing address from its DNS name, whose records have a TTL of 60 s, and replaces
   * it (ELB guide, "How Elastic Load Balancing works").
   */
  private static final Duration HOLD_FOR = Duration.ofMinutes(3);

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    var zones =
        evidence.list(Resources.LB_ADDRESSES).stream()
            .collect(toMap(LbAddress::address, LbAddress::zone, (first, next) -> first));
    return evidence.results(LbKey.class).groupBy(one -> one.key().lb()).entrySet().stream()
        .flatMap(lb -> finding(lb.getKey(), lb.getValue(), zones, evidence).stream());
  }

  private static Optional<Finding> finding(
      String lb, ProbeResults<LbKey> all, Map<String, String> zones, EvidenceIndex evidence) {
    var failing = new TreeSet<String>();
    all.groupBy(one -> one.key().listener())
        .values()
        .forEach(listener -> failing.addAll(failingAddresses(listener)));
    if (failing.isEmpty()) {
      return Optional.empty();
    }
    var affected = all.matching(window -> failing.stream().anyMatch(it -> fails(window, it)));
    var inZones = failing.stream().map(it -> zones.getOrDefault(it, "")).distinct().toList();
    var empty = inZones.stream().filter(zone -> isWithoutTargets(zone, lb, evidence)).toList();
    var names = FindingText.list(inZones);
    var finding =
        Finding.builder(RootCause.LB_ADDRESS_FAILING, "lb/" + lb, 85)
            .supportedIf(affected.nodes().size() > 1 || all.nodes().size() == 1)
            .evidence(
                "probes of %s%s fail on %s: %s"
                    .formatted(
                        FindingText.list(failing),
                        inZones.contains("") ? "" : " in " + names,
                        FindingText.share(affected.nodes(), all.nodes()),
                        FindingText.list(outcomes(affected, failing))))
            .evidence("its other addresses respond at the same listeners")
            .excludes("not the listeners or the application: they respond at other addresses")
            .holdFor(HOLD_FOR);
    return Optional.of(
        (empty.isEmpty() ? checkZone(finding, lb) : addTargets(finding, empty, lb, evidence))
            .build());
  }

  /** Cross-zone load balancing is always on for application load balancers, not for others. */
  private static Finding.Builder addTargets(
      Finding.Builder finding, List<String> zones, String lb, EvidenceIndex evidence) {
    var names = FindingText.list(zones);
    var isNetwork =
        evidence.list(Resources.LOAD_BALANCERS).stream()
            .anyMatch(one -> one.name().equals(lb) && one.type().equals("network"));
    return finding
        .evidence("no target in %s is healthy, targets in other zones are".formatted(names))
        .fix(
            "run healthy pods in %s".formatted(names)
                + (isNetwork ? ", or turn on cross-zone load balancing" : ""),
            "or remove the subnet of %s from the load balancer".formatted(names));
  }

  private static Finding.Builder checkZone(Finding.Builder finding, String lb) {
    return finding.fix(
        "aws elbv2 describe-load-balancers --names %s --query".formatted(lb)
            + " 'LoadBalancers[0].[State,AvailabilityZones]'",
        "check the network ACLs and the route tables of the subnets of these addresses",
        "if they permit the traffic, report the addresses to AWS; a zonal shift moves clients to"
            + " the other zones until then");
  }

  /** The addresses of one listener at which all agents fail that try them, while others work. */
  private static Set<String> failingAddresses(ProbeResults<LbKey> listener) {
    var addresses =
        listener.series().stream()
            .flatMap(one -> one.window().last().stream())
            .flatMap(last -> last.addresses().keySet().stream())
            .collect(toCollection(TreeSet::new));
    var failing =
        addresses.stream()
            .filter(
                address -> tries(listener, address).allMatch(one -> fails(one.window(), address)))
            .collect(toCollection(TreeSet::new));
    var works =
        addresses.stream()
            .anyMatch(
                address ->
                    tries(listener, address)
                        .allMatch(one -> outcomeOf(one.window(), address).equals(Outcome.SUCCESS)));
    return works ? failing : Set.of();
  }

  /** The series whose last run tried the address: DNS may no longer have it. */
  private static Stream<Series<LbKey>> tries(ProbeResults<LbKey> listener, String address) {
    return listener.series().stream().filter(one -> !outcomeOf(one.window(), address).isEmpty());
  }

  private static String outcomeOf(ResultWindow window, String address) {
    return window.last().map(last -> last.addresses().getOrDefault(address, "")).orElse("");
  }

  private static boolean fails(ResultWindow window, String address) {
    return window.results().size() >= RUNS
        && window.results().stream()
            .limit(RUNS)
            .map(result -> result.addresses().getOrDefault(address, Outcome.SUCCESS))
            .noneMatch(Set.of(Outcome.SUCCESS, Outcome.NOT_RUN)::contains);
  }

  private static Set<String> outcomes(ProbeResults<LbKey> affected, Collection<String> failing) {
    return affected.series().stream()
        .flatMap(one -> one.window().last().stream())
        .map(Result::addresses)
        .flatMap(outcomes -> failing.stream().flatMap(it -> Stream.ofNullable(outcomes.get(it))))
        .filter(outcome -> !outcome.equals(Outcome.SUCCESS))
        .collect(toCollection(TreeSet::new));
  }

  /** Whether targets of the load balancer are healthy in other zones only. */
  private static boolean isWithoutTargets(String zone, String lb, EvidenceIndex evidence) {
    var healthy =
        evidence.targetGroups().stream()
            .filter(group -> group.loadBalancers().stream().anyMatch(it -> it.name().equals(lb)))
            .flatMap(group -> group.healthy().stream())
            .map(TargetHealth::zone)
            .toList();
    return !zone.isEmpty() && !healthy.isEmpty() && !healthy.contains(zone);
  }
}
