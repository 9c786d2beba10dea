package io.eksnet.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.agent.plan.Assignment;
import io.eksnet.agent.plan.Assignment.Annotated;
import io.eksnet.agent.plan.Assignment.DnsBackend;
import io.eksnet.agent.plan.Assignment.EndpointCall;
import io.eksnet.agent.plan.Assignment.LbCall;
import io.eksnet.agent.plan.Assignment.Peer;
import io.eksnet.agent.plan.Assignment.ResourceProbe;
import io.eksnet.agent.plan.Assignment.ServiceCall;
import io.eksnet.agent.plan.Assignment.Suite;
import io.eksnet.agent.plan.Assignment.TargetCall;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class PlanJsonTest {
  private static final int MUTATIONS = 20_000;

  public static final AgentPlan PLAN =
      new AgentPlan(
          "ip-10-0-1-7.eu-central-1.compute.internal",
          "eu-central-1a",
          List.of(
              new DnsBackend("10.0.9.1"),
              new ServiceCall("shop", "backend", "10.100.0.7", 443, "https", "/up?a=b"),
              new ServiceCall("shop", "db", "", 5432, "tcp", ""),
              new Peer("n-1", "", "fd00::7", 9853),
              new TargetCall("k8s-shop", "10.2.0.1", 8080, "http", "/", List.of("200-299", "301")),
              new LbCall(
                  "k8s-shop",
                  "k8s-shop.eu-central-1.elb.amazonaws.com",
                  443,
                  "https",
                  "shop.example.com",
                  "/",
                  List.of("2xx"),
                  true),
              new EndpointCall("ecr.api", "api.ecr.eu-central-1.amazonaws.com", true),
              new Annotated(
                  "service/shop/web",
                  "http",
                  "https://web.shop.svc.cluster.local:443/",
                  Duration.ofSeconds(90),
                  List.of(),
                  Map.of("tier", "frontend", "team", "shop")),
              new ResourceProbe(
                  "probe/shop/checkout",
                  "http_2xx",
                  "https://shop.example.com/",
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(10),
                  Map.of("team", "shop"))),
          Set.of(Suite.LB, Suite.DNS));

  private static final String TEXT =
      """
      {"version":1,"node":"ip-10-0-1-7.eu-central-1.compute.internal","zone":"eu-central-1a",\
      "kept":["dns","lb"],"assignments":[\
      {"suite":"dns","address":"10.0.9.1"},\
      {"suite":"service","namespace":"shop","service":"backend","cluster_ip":"10.100.0.7",\
      "port":443,"protocol":"https","path":"/up?a=b"},\
      {"suite":"service","namespace":"shop","service":"db","cluster_ip":"","port":5432,\
      "protocol":"tcp","path":""},\
      {"suite":"pod","node":"n-1","zone":"","address":"fd00::7","port":9853},\
      {"suite":"target","target_group":"k8s-shop","address":"10.2.0.1","port":8080,\
      "protocol":"http","path":"/","statuses":["200-299","301"]},\
      {"suite":"lb","lb":"k8s-shop","dns_name":"k8s-shop.eu-central-1.elb.amazonaws.com",\
      "port":443,"protocol":"https","host":"shop.example.com","path":"/","statuses":["2xx"],\
      "verify":true},\
      {"suite":"endpoints","service":"ecr.api","host":"api.ecr.eu-central-1.amazonaws.com",\
      "each_address":true},\
      {"suite":"annotated","name":"service/shop/web","kind":"http",\
      "target":"https://web.shop.svc.cluster.local:443/","interval":"1m30s","statuses":[],\
      "labels":{"team":"shop","tier":"frontend"}},\
      {"suite":"probe_resource","name":"probe/shop/checkout","module":"http_2xx",\
      "target":"https://shop.example.com/","interval":"30s","timeout":"10s",\
      "labels":{"team":"shop"}}]}\
      """;

  @Test
  void aPlanIsWrittenAlwaysTheSame() {
    assertThat(PlanJson.write(PLAN)).isEqualTo(TEXT).isEqualTo(PlanJson.write(PLAN));
  }

  @Test
  void whatWasWrittenIsRead() {
    assertThat(PlanJson.read(TEXT)).isEqualTo(PLAN);
  }

  @Test
  void readsAnnotatedProbesOfControllersWithoutLabels() {
    var text =
        of(
            "{'suite':'annotated','name':'service/shop/db','kind':'tcp','target':'a.b:1',"
                + "'interval':'20s','statuses':[]}");
    assertThat(PlanJson.read(text).assignments())
        .containsExactly(
            new Annotated("service/shop/db", "tcp", "a.b:1", Duration.ofSeconds(20), List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'labels':[]|labels must be an object",
        "'labels':{'team':1}|labels must be a text",
        "'labels':{'probe':'x'}|\"probe\" is a label of eksnet",
        "'labels':{'a-b':'x'}|\"a-b\" is not a label name",
        "'name':'probe/shop'|the probe must be named probe/namespace/name",
        "'name':'ingress/shop/web'|the probe must be named probe/namespace/name",
        "'module':''|the module must have a name",
        "'target':''|a target has 1 to 256 characters, not 0",
        "'timeout':'30s'|a timeout must be at least 10ms and less than the interval",
        "'timeout':'0s'|a timeout must be at least 10ms",
        "'interval':'500ms'|an interval must be 1s to 1d",
      })
  void refusesInvalidTargetsOfProbeResources(String field, String message) {
    var key = field.substring(0, field.indexOf(':'));
    var valid =
        List.of(
            "'suite':'probe_resource'",
            "'name':'probe/shop/web'",
            "'module':'http_2xx'",
            "'target':'https://shop.example.com/'",
            "'interval':'30s'",
            "'timeout':'5s'",
            "'labels':{'team':'shop'}");
    assertThat(PlanJson.read(of("{" + String.join(",", valid) + "}")).assignments()).hasSize(1);

    var fields = valid.stream().map(other -> other.startsWith(key + ":") ? field : other).toList();
    assertThatThrownBy(() -> PlanJson.read(of("{" + String.join(",", fields) + "}")))
        .hasMessageContaining(message);
  }

  @Test
  void thePlanOfAnAgentWithoutAnythingToDoIsRead() {
    var plan = new AgentPlan("n-0", "", List.of());
    assertThat(PlanJson.read(PlanJson.write(plan))).isEqualTo(plan);
  }

  private static String of(String assignment) {
    return "{\"version\":1,\"node\":\"n-0\",\"zone\":\"a\",\"kept\":[],\"assignments\":["
        + assignment.replace('\'', '"')
        + "]}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "169.254.170.23",
        "169.254.169.253",
        "169.254.20.10",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fe80::1",
        "ff02::1",
        "fd00:ec2::254",
        "fd00:ec2::23"
      })
  void addressesOfTheNodeItselfAreOutOfReach(String address) {
    var text = of("{'suite':'dns','address':'" + address + "'}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PlanJson.read(text))
        .withMessage(
            "assignment 0: "
                + address
                + " is out of reach: agents are not sent to the services of their node");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'suite':'pod','node':'n','zone':'','address':'127.0.0.1','port':80}",
        "{'suite':'service','namespace':'a','service':'b','cluster_ip':'127.0.0.1','port':80,"
            + "'protocol':'tcp','path':''}",
        "{'suite':'target','target_group':'a','address':'127.0.0.1','port':80,'protocol':'tcp',"
            + "'path':'','statuses':[]}",
        "{'suite':'lb','lb':'a','dns_name':'lb.localhost','port':80,'protocol':'http','host':'',"
            + "'path':'/','statuses':[],'verify':false}",
        "{'suite':'annotated','name':'service/a/b','kind':'http','target':'http://127.0.0.1/',"
            + "'interval':'10s','statuses':[]}",
        "{'suite':'annotated','name':'service/a/b','kind':'tls','target':'[::1]:443',"
            + "'interval':'10s','statuses':[]}"
      })
  void thisHostIsInReachOfTheLabOnly(String assignment) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PlanJson.read(of(assignment)))
        .withMessageContaining("is out of reach");
    assertThat(PlanJson.read(of(assignment), AllowedTargets.THIS_HOST).assignments()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://instance-data.ec2.internal/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://localhost.localhost/"
      })
  void theMetadataOfTheInstanceIsOutOfReachUnderEveryName(String url) {
    var text =
        of(
            "{'suite':'annotated','name':'ingress/a/b','kind':'http','target':'"
                + url
                + "','interval':'10s','statuses':[]}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PlanJson.read(text))
        .withMessageContaining("is out of reach");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "file:///etc/passwd | a target of http is a URL without credentials",
        "ftp://shop.example.com/ | a target of http is a URL without credentials",
        "http://user:pass@shop.example.com/ | a target of http is a URL without credentials",
        "http://shop.example.com:0/ | a port must be 1 to 65535, not 0",
        "http://shop.example.com:65536/ | a port must be 1 to 65535, not 65536",
        "http://0x7f.1/ | must be a full name such as shop.example.com, not \"0x7f.1\"",
        "http://2130706433/ | must be a full name such as shop.example.com, not \"2130706433\"",
        "http://127.1/ | must be a full name such as shop.example.com, not \"127.1\"",
        "http://0177.0.0.1/ | must be a full name such as shop.example.com, not \"0177.0.0.1\"",
        "http://[fe80::1%eth0]/ | a target of http is a URL without credentials",
        "http://shop..example.com/ | must be a full name such as shop.example.com",
        "http://localhost/ | must be a full name such as shop.example.com, not \"localhost\"",
        "http://shop.example.com/a b | a path begins with /",
        "http://shop.example.com/#a | a path begins with /"
      })
  void aTargetThatIsNotPlainIsRefused(String target, String why) {
    var text =
        of(
            "{'suite':'annotated','name':'ingress/a/b','kind':'http','target':'"
                + target
                + "','interval':'10s','statuses':[]}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PlanJson.read(text))
        .withMessageStartingWith("assignment 0: " + why);
  }

  static Stream<String[]> refused() {
    return Stream.of(
        row("", "the plan is not a JSON object"),
        row("[]", "the plan is not a JSON object"),
        row("null", "the plan is not a JSON object"),
        row("{}{}", "the plan is not a JSON object"),
        row("{", "the plan is not a JSON object"),
        row("[".repeat(100_000), "the plan is not a JSON object"),
        row("{\"a\":".repeat(100_000), "the plan is not a JSON object"),
        row("{}", "the plan: version must be a whole number"),
        row("{\"version\":2}", "the plan has version 2 and this agent reads 1; update it"),
        row(of("").replace("[]}", "{}}"), "the plan: assignments must be a list"),
        row(of("").replace("\"n-0\"", "\"n 0\""), "the node must have a node's name, not \"n 0\""),
        row(
            of("").replace("\"n-0\"", "null"),
            "the plan: node must be a text of at most 1024" + " characters"),
        row(of("1"), "assignment 0 must be an object"),
        row(of("{}"), "assignment 0: suite must be a text of at most 1024 characters"),
        row(of("{'suite':7}"), "assignment 0: suite must be a text of at most 1024 characters"),
        row(
            of("{'suite':'dns','address':'dns.example.com'}"),
            "assignment 0: must be an address such as 10.0.1.7, not \"dns.example.com\""),
        row(
            of("{'suite':'pod','node':'n','zone':'','address':'10.0.0.1','port':80.5}"),
            "assignment 0: port must be a whole number"),
        row(
            of("{'suite':'pod','node':'n','zone':'','address':'10.0.0.1','port':99999999999}"),
            "assignment 0: port must be a whole number"),
        row(
            of("{'suite':'pod','node':'n','zone':'','address':'10.0.0.1','port':70000}"),
            "assignment 0: a port must be 1 to 65535, not 70000"),
        row(
            of(
                "{'suite':'service','namespace':'../kube-system','service':'b','cluster_ip':'',"
                    + "'port':80,'protocol':'tcp','path':''}"),
            "assignment 0: the namespace must be a name of Kubernetes such as shop, not"
                + " \"../kube-system\""),
        row(
            of(
                "{'suite':'service','namespace':'a','service':'b','cluster_ip':'','port':80,"
                    + "'protocol':'gopher','path':''}"),
            "assignment 0: the protocol must be tcp, tls, http, https, grpc or grpcs, not \"gopher\""),
        row(
            of(
                "{'suite':'service','namespace':'a','service':'b','cluster_ip':'','port':80,"
                    + "'protocol':'http','path':'/a\\r\\nCookie: b'}"),
            "assignment 0: a path begins with / and has at most 512 characters of ASCII without"
                + " spaces and #, unlike \"/a??Cookie: b\""),
        row(
            of(
                "{'suite':'target','target_group':'a','address':'10.0.0.1','port':80,"
                    + "'protocol':'http','path':'/','statuses':['1000']}"),
            "assignment 0: a status is a code, a range or a class such as 204, 200-299 or 2xx, not"
                + " \"1000\""),
        row(
            of(
                "{'suite':'target','target_group':'a','address':'10.0.0.1','port':80,"
                    + "'protocol':'http','path':'/','statuses':["
                    + "'200',".repeat(16)
                    + "'200']}"),
            "assignment 0: statuses has more than 16 entries"),
        row(
            of(
                "{'suite':'annotated','name':'service/a/b','kind':'tcp','target':'a.b:1',"
                    + "'interval':'10ms','statuses':[]}"),
            "assignment 0: an interval must be 1s to 1d, not PT0.01S"),
        row(
            of("{'suite':'dns','address':'10.0.9.1'},".repeat(1_000) + "1"),
            "the plan: assignments has more than 1000 entries"),
        row(
            " ".repeat(PlanJson.MAX_LENGTH + 1),
            "a plan has at most 2097152 characters, not 2097153"));
  }

  private static String[] row(String text, String why) {
    return new String[] {text, why};
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatIsNotAPlanIsRefusedInOneClearSentence(String text, String why) {
    assertThatIllegalArgumentException().isThrownBy(() -> PlanJson.read(text)).withMessage(why);
  }

  @Test
  void ignoresKeysAndSuitesOfANewerController() {
    var text =
        of("{'suite':'grpc','address':'127.0.0.1'},{'suite':'dns','address':'10.0.9.1','headers':{}}")
            .replace("\"kept\":[]", "\"headers\":{},\"kept\":[\"grpc\",\"lb\"]");

    assertThat(PlanJson.read(text))
        .isEqualTo(
            new AgentPlan("n-0", "a", List.of(new DnsBackend("10.0.9.1")), Set.of(Suite.LB)));
  }

  @Test
  void theLargestPlanThatCanBeMadeCanBeRead() {
    var label = "a".repeat(63);
    var name = String.join(".", Collections.nCopies(3, label)) + "." + "b".repeat(60);
    var call =
        new LbCall(
            "l".repeat(128),
            name,
            65_535,
            "https",
            name,
            "/" + "\"".repeat(511),
            Collections.nCopies(16, "200-299"),
            true);
    var plan =
        new AgentPlan(
            "n".repeat(253),
            "z".repeat(64),
            IntStream.range(0, AgentPlan.MAX_ASSIGNMENTS)
                .mapToObj(i -> (Assignment) call)
                .toList());
    assertThat(name).hasSize(252);
    assertThat(PlanJson.read(PlanJson.write(plan))).isEqualTo(plan);
  }

  /** One character for another, cut, doubled, moved, or a word of trouble put in. */
  @Test
  void noMutationOfAPlanCrashesTheReaderOrLeadsOutOfItsBounds() {
    var random = new Random(7);
    var read = 0;
    for (var i = 0; i < MUTATIONS; i++) {
      var text = mutated(TEXT, random, 1 + random.nextInt(4));
      try {
        var plan = PlanJson.read(text);
        read++;
        assertThat(plan.assignments()).hasSizeLessThanOrEqualTo(AgentPlan.MAX_ASSIGNMENTS);
        assertThat(plan.assignments())
            .allMatch(assignment -> AllowedTargets.CLUSTER.objection(assignment).isEmpty());
        assertThat(PlanJson.read(PlanJson.write(plan))).isEqualTo(plan);
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(400);
      }
    }
    assertThat(read).isBetween(100, MUTATIONS - 100);
  }

  /** A value of another type or range in the place of each value. */
  @Test
  void noValueIsTakenForAnother() {
    var values =
        List.of(
            "null",
            "true",
            "-1",
            "0",
            "1e400",
            "65536",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[[]]",
            "\"127.0.0.1\"",
            "\"%\"",
            "\"" + "x".repeat(2_000) + "\"");
    var whole = new JsonObject(TEXT).getJsonArray("assignments");
    for (var i = 0; i < whole.size(); i++) {
      for (var key : whole.getJsonObject(i).fieldNames()) {
        for (var value : values) {
          var changed = whole.getJsonObject(i).copy();
          changed.put(key, io.vertx.core.json.Json.decodeValue(value));
          var text = of("").replace("[]}", "[" + changed.encode() + "]}");
          if (!changed.equals(whole.getJsonObject(i))) {
            readOrRefuse(text);
          }
        }
      }
    }
  }

  private static void readOrRefuse(String text) {
    try {
      assertThat(PlanJson.read(text).assignments())
          .allMatch(assignment -> AllowedTargets.CLUSTER.objection(assignment).isEmpty());
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).startsWith("assignment 0: ").hasSizeLessThan(400);
    }
  }

  private static String mutated(String text, Random random, int times) {
    var words =
        List.of(
            "169.254.169.254",
            "127.0.0.1",
            "\\u0000",
            "}",
            "]",
            "\"",
            ",",
            "null",
            "1e9999",
            "-",
            "@",
            "%0d%0a",
            "file://",
            "::1",
            "\u202e",
            "99999999999999999999");
    var changed = new StringBuilder(text);
    for (var i = 0; i < times; i++) {
      var at = random.nextInt(changed.length());
      switch (random.nextInt(5)) {
        case 0 -> changed.setCharAt(at, (char) (' ' + random.nextInt(95)));
        case 1 -> changed.deleteCharAt(at);
        case 2 -> changed.insert(at, changed.charAt(random.nextInt(changed.length())));
        case 3 -> changed.insert(at, words.get(random.nextInt(words.size())));
        default ->
            changed.setCharAt(at, (char) (random.nextBoolean() ? '0' + random.nextInt(10) : 'a'));
      }
    }
    return changed.toString();
  }

  @Test
  void rejectsInvalidAssignments() {
    assertThatThrownBy(
            () -> new LbCall("a", "lb.example.com", 443, "https", "", "/", List.of(), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the certificate of a cannot be verified without a host that it is for");
    assertThatThrownBy(() -> new TargetCall("a", "10.0.0.1", 80, "http", "/", List.of()))
        .hasMessage("the target 10.0.0.1 needs the codes that are healthy, such as 200-299");
  }
}
