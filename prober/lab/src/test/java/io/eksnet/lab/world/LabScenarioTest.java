package io.eksnet.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.lab.cluster.AwsResource.Eni;
import io.eksnet.lab.cluster.AwsResource.SecurityGroup;
import io.eksnet.lab.cluster.AwsResource.Subnet;
import io.eksnet.lab.cluster.Behavior.Ipamd;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.HealthyCluster;
import io.eksnet.lab.cluster.KubeResource.Node;
import io.eksnet.lab.cluster.KubeResource.Pod;
import io.eksnet.lab.cluster.LabNetwork;
import io.eksnet.lab.cluster.TestClusters;
import io.eksnet.lab.cluster.YamlNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabScenarioTest {
  private static final Path DOC = Path.of("../../docs/scenarios.md");
  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final ClusterState HEALTHY =
      HealthyCluster.load(
          new LabNetwork(11, 8080, 53, 80, 80, 9853, 443, 61_678, 80, 6443),
          Instant.parse("2026-11-21T12:00:00Z"));

  @Test
  void everyFileOfTheLabIsAScenarioOfThatName() throws Exception {
    var directory = Path.of("src/main/resources/io/eksnet/lab/world/scenarios");

    try (var files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Scenarios.all().stream().map(scenario -> scenario.name() + ".yaml").toList());
    }
  }

  @Test
  void everyExampleOfTheDocumentIsAScenario() throws Exception {
    var examples =
        BLOCK.matcher(Files.readString(DOC)).results().map(LabScenarioTest::example).toList();

    assertThat(examples).hasSizeGreaterThan(5);
    for (var example : examples) {
      assertThat(Scenarios.check(YamlNode.parse("scenarios.md", example)).name()).isNotEmpty();
    }
  }

  /** A whole scenario as it is, changes in a scenario around them. */
  private static String example(MatchResult block) {
    var text = block.group(1);
    return text.startsWith("name:")
        ? text
        : "name: example\ntells: An example.\nstages:\n- change:\n" + text.indent(2);
  }

  @Test
  void readsDelaysAndExpectedFindings() {
    var scenario =
        read(
            """
            name: mine
            tells: Something breaks, and then more.
            repair: next
            stages:
            - says: It begins.
              after: 5s
              change: [{set: Node, to: {ready: false}}]
              finds: [one]
              may: [two]
              never: [three]
            - after: next
              change: []
            """);

    assertThat(scenario.repairAfter()).isEmpty();
    assertThat(scenario.allowed()).containsExactly("one", "two");
    assertThat(scenario.stages().get(0).description()).isEqualTo("It begins.");
    assertThat(scenario.stages().get(0).after()).contains(Duration.ofSeconds(5));
    assertThat(scenario.stages().get(0).never()).containsExactly("three");
    assertThat(scenario.stages().get(1).description())
        .isEqualTo("Something breaks, and then more.");
    assertThat(scenario.stages().get(1).after()).isEmpty();
    assertThat(scenario.stages().get(0).change().apply(HEALTHY).all(Node.class))
        .noneMatch(Node::ready);
    assertThat(scenario.stages().get(1).change().apply(HEALTHY)).isEqualTo(HEALTHY);
  }

  @Test
  void whereChoosesByFieldsLabelsAndLists() {
    var after =
        change(
            """
            - set: Subnet
              where: {tags: {Name: [lab-private-a, lab-private-b]}, routed: false}
              to: {available: 3, tags: {Name: null, more: "1"}}
            """);

    var few = after.all(Subnet.class).stream().filter(s -> s.available() == 3).toList();
    assertThat(few).extracting(Subnet::zone).containsExactly("eu-west-1a", "eu-west-1b");
    assertThat(few.get(0).tags())
        .doesNotContainKey("Name")
        .containsEntry("more", "1")
        .containsEntry("kubernetes.io/role/internal-elb", "1");
  }

  @Test
  void referencesLeadToOtherThings() {
    var after =
        change(
            """
            - set: Ipamd
              where: {node: {of: Node, where: {zone: eu-west-1c}, field: name}}
              to: {up: false}
            """);

    var zone = HEALTHY.all(Node.class).stream().filter(n -> n.zone().endsWith("c"));
    assertThat(after.all(Ipamd.class).stream().filter(i -> !i.up()).map(Ipamd::node))
        .containsExactlyElementsOf(zone.map(Node::name).toList());
  }

  @Test
  void addressesAreCountedWithinASubnet() {
    var after =
        change(
            """
            - add: Eni
              as: {id: eni-1, addresses: {within: Subnet, where: {tags: {Name: lab-public-a}}, number: 7, every: 100}}
            """);

    assertThat(after.get(Eni.class, "eni-1").addresses())
        .containsExactly("127.11.96.7", "127.11.96.107", "127.11.96.207");
    assertThat(after.get(Eni.class, "eni-1").tags()).isEmpty();
  }

  @Test
  void dropTakesElementsOutAndNothingElse() {
    var after =
        change(
            """
            - set: SecurityGroup
              where: {name: lab-node}
              drop: {rules: {egress: false, from: 8080}}
            """);

    var rules = after.get(SecurityGroup.class, TestClusters.NODE_GROUP).rules();
    var before = HEALTHY.get(SecurityGroup.class, TestClusters.NODE_GROUP).rules();
    assertThat(before).hasSize(rules.size() + 1).containsAll(rules);
  }

  @Test
  void removeTakesAwayAndCopyAddsOneMore() {
    var after =
        change(
            """
            - add: Pod
              copy: {name: frontend-6b7c8d9f4-0}
              as: {name: another, program: {fault: refuse}}
            - remove: Pod
              where: {name: frontend-6b7c8d9f4-0}
            """);

    assertThat(after.find(Pod.class, "shop/frontend-6b7c8d9f4-0")).isEmpty();
    assertThat(after.get(Pod.class, "shop/another").program().fault()).isEqualTo("refuse");
    assertThat(after.get(Pod.class, "shop/another").program().kind())
        .isEqualTo(Pod.Program.Kind.WEB);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {set: Nod, to: {ready: false}}                  | mine.yaml:5: unknown kind "Nod"; did you mean "Node"?
          {set: Node, too: {ready: false}}                | mine.yaml:5: unknown key "too" of set; did you mean "to"?
          {set: Node, to: {redy: false}}                  | mine.yaml:5: unknown key "redy" of Node; did you mean "ready"?
          {set: Node, to: {ready: maybe}}                 | mine.yaml:5: "maybe" is not true or false
          {set: Node, where: {zone: mars}, to: {}}        | mine.yaml:5: no Node matches
          {set: Node, to: {podSlots: many}}               | mine.yaml:5: "many" is not a whole number
          {set: Pod, to: {program: {kind: wev}}}          | mine.yaml:5: unknown value "wev"; did you mean "web"?
          {set: Node, drop: {zone: eu-west-1a}}           | mine.yaml:5: zone is not a list
          {add: AwsFault, as: {action: '*'}}              | mine.yaml:5: kind is missing
          {set: Pod, to: {ip: {of: Node, field: adress}}} | mine.yaml:5: unknown field "adress" of Node; did you mean "address"?
          {set: Pod, to: {ip: {of: Node, field: name}}}   | mine.yaml:5: must be one value, not 6
          {like: subnet-tag}                              | mine.yaml:5: no scenario "subnet-tag"; did you mean "subnet-tags"?
          {break: everything}                             | mine.yaml:5: unknown key "break" of a change; known are add, like, remove, set
          {set: [Node]}                                   | mine.yaml:5: must be a single value
          """)
  void whatIsNotUnderstoodIsAnErrorWithItsLine(String change, String error) {
    assertThatThrownBy(
            () ->
                read(
                    """
                    name: mine
                    tells: Mine.
                    stages:
                    - change:
                      - %s
                    """
                        .formatted(change)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          name: a, tells: b, stages: [], stage: []          | unknown key "stage" of a scenario; did you mean "stages"?
          name: a, tells: b                                 | "stages" is missing
          name: A b, tells: b, stages: []                   | "A b" is not a name; use lower-case letters, digits and hyphens
          name: a, name: b, tells: b, stages: []            | duplicate key "name"
          name: a, tells: b, stages: [], repair: soon       | "soon" is not a duration; add a unit, such as 30s or 5m
          name: a, tells: b, stages: [{change: [], finds: [x], never: [x]}] | a cause cannot be both in "finds" and in "never"
          """)
  void rejectsInvalidScenarios(String scenario, String error) {
    assertThatThrownBy(() -> read("{" + scenario + "}")).hasMessage("mine.yaml:1: " + error);
  }

  @Test
  void anOutsidersFileIsReadByItsPath(@TempDir Path work) throws Exception {
    var file = work.resolve("own.yaml");
    Files.writeString(file, "{name: own, tells: Mine., stages: []}");

    assertThat(Scenarios.load(file.toString()).name()).isEqualTo("own");
    assertThatThrownBy(() -> Scenarios.load(work.resolve("other.yaml").toString()))
        .hasMessageContaining("cannot read the scenario");
    assertThatThrownBy(() -> Scenarios.load("ip-exhaustio"))
        .hasMessage("no scenario \"ip-exhaustio\"; did you mean \"ip-exhaustion\"?");
  }

  private static LabScenario read(String text) {
    return Scenarios.check(YamlNode.parse("mine.yaml", text));
  }

  private static ClusterState change(String changes) {
    var scenario = read("name: mine\ntells: Mine.\nstages:\n- change:\n" + changes.indent(2));
    return scenario.stages().get(0).change().apply(HEALTHY);
  }
}
