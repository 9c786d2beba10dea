package io.eksnet.diagnosis;

import static java.util.stream.Collectors.toCollection;

import io.eksnet.lab.world.LabScenario;
import io.eksnet.lab.world.LabScenario.Stage;
import io.eksnet.lab.world.Scenarios;
import io.eksnet.model.diagnosis.Confidence;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Snapshot;
import io.eksnet.model.inventory.Unavailable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A state of a cluster, with the causes that must, may and must not be found in it. */
record DiagnosisCase(Group group, String scenario, Stage stage) {
  private static final Path TABLES = Path.of("src/test/resources/io/eksnet/diagnosis/cases");

  /** Scenarios that need time to pass or faults of APIs; the real program runs them. */
  private static final Set<String> WITH_REAL_SERVERS =
      Set.of("node-churn", "aws-throttled", "slow-answers");

  /**
   * Causes that need not be found with high confidence. Their evidence leaves another explanation:
   * a network ACL may not be readable, a zone may fail for another reason, a load balancer does not
   * report why a target closed a connection, and when targets began to drain shows in a later read.
   * Warm and leaked addresses are a risk while pods get addresses.
   */
  private static final Set<RootCause> WITHOUT_HIGH_CONFIDENCE =
      EnumSet.of(
          RootCause.DNS_PACKET_LOSS,
          RootCause.DNS_WRONG_NAME,
          RootCause.ENDPOINT_UNREACHABLE,
          RootCause.NO_EGRESS,
          RootCause.NACL_OR_ROUTE,
          RootCause.ENDPOINT_ZONE_MISSING,
          RootCause.ROLLOUT_WITHOUT_DRAIN,
          RootCause.KEEPALIVE_SHORTER_THAN_IDLE,
          RootCause.WARM_POOL_HOLDS_ADDRESSES,
          RootCause.LEAKED_ENIS);

  /** Where a case comes from, and whether a fault is in it. */
  enum Group {
    SCENARIO("Scenarios of the lab"),
    FAULT("Faults in the tables: whole and partial ones"),
    LOOK_ALIKE("Look-alike cases: no finding is right"),
    PAIR("Pairs of incidents");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /**
   * The causes that were found in a case.
   *
   * @param found at any confidence
   * @param high with high confidence
   * @param withoutOne with high confidence, by the resource that could not be read
   */
  record Result(Set<String> found, Set<String> high, Map<String, Set<String>> withoutOne) {
    static Result of(Evidence evidence) {
      var findings = Diagnosis.of(evidence);
      var withoutOne = new TreeMap<String, Set<String>>();
      for (var resource : evidence.inventory().resources()) {
        var rest = Diagnosis.of(without(evidence, resource));
        withoutOne.put(resource.name(), causes(rest, true));
      }
      return new Result(causes(findings, false), causes(findings, true), withoutOne);
    }

    private static Set<String> causes(List<Finding> findings, boolean onlyHigh) {
      return findings.stream()
          .filter(finding -> !onlyHigh || finding.confidence().percent() >= Confidence.HIGH)
          .map(finding -> finding.cause().label())
          .collect(toCollection(TreeSet::new));
    }

    private static <T> Evidence without(Evidence evidence, Resource<T> resource) {
      var unread =
          Snapshot.<T>notYet(Duration.ofMinutes(1))
              .after(new Unavailable(Unavailable.Reason.TIMEOUT, "in the test"));
      Inventory rest = evidence.inventory().with(resource, unread);
      return new Evidence(evidence.now(), rest, evidence.agents(), evidence.baselines());
    }
  }

  /** The expected causes that are found, with high confidence where that is required. */
  Set<String> rightOf(Result result) {
    return result.found().stream()
        .filter(this::expects)
        .filter(
            cause ->
                result.high().contains(cause)
                    || WITHOUT_HIGH_CONFIDENCE.contains(
                        RootCause.valueOf(cause.toUpperCase(Locale.ROOT))))
        .collect(toCollection(TreeSet::new));
  }

  /** All cases: the scenarios of the lab, the tables beside the test, and pairs of incidents. */
  static List<DiagnosisCase> all() {
    return Stream.of(scenarios(), tables(), pairs()).flatMap(cases -> cases).toList();
  }

  private static Stream<DiagnosisCase> scenarios() {
    return Scenarios.all().stream()
        .filter(scenario -> !WITH_REAL_SERVERS.contains(scenario.name()))
        .flatMap(DiagnosisCase::stages)
        .map(stage -> new DiagnosisCase(Group.SCENARIO, stage.scenario(), stage.stage()));
  }

  private static Stream<DiagnosisCase> tables() {
    try (var files = Files.list(TABLES)) {
      return files.map(Path::toString).sorted().toList().stream()
          .map(Scenarios::load)
          .flatMap(DiagnosisCase::stages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<DiagnosisCase> stages(LabScenario scenario) {
    return scenario.stages().stream()
        .map(
            stage ->
                new DiagnosisCase(
                    stage.finds().isEmpty() ? Group.LOOK_ALIKE : Group.FAULT,
                    scenario.name(),
                    stage));
  }

  /** Incidents with nothing in common: neither hides the other. */
  private static Stream<DiagnosisCase> pairs() {
    return Stream.of(
        pair("coredns-failing", "ip-exhaustion"),
        pair("coredns-scaled-to-zero", "pod-identity-namespace"),
        pair("vpc-dns-throttle", "pod-slots-full"),
        pair("subnet-tags", "karpenter-template"),
        pair("alb-sg-blocked", "ip-exhaustion"),
        pair("alb-health-path", "pod-slots-full"),
        pair("lb-certificate", "instance-limit"),
        pair("service-no-endpoints", "controller-errors"),
        pair("nlb-health-path", "subnet-tags"));
  }

  private static DiagnosisCase pair(String first, String second) {
    var one = Scenarios.load(first).stages().get(0);
    var other = Scenarios.load(second).stages().get(0);
    return new DiagnosisCase(
        Group.PAIR,
        first + " and " + second,
        new Stage(
            "both at the same time",
            Optional.empty(),
            state -> other.change().apply(one.change().apply(state)),
            union(one.finds(), other.finds()),
            union(one.may(), other.may()),
            List.of()));
  }

  private static List<String> union(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).distinct().toList();
  }

  boolean expects(String cause) {
    return stage.finds().contains(cause);
  }

  boolean allows(String cause) {
    return expects(cause) || stage.may().contains(cause);
  }

  @Override
  public String toString() {
    return scenario + ": " + stage.description();
  }
}
