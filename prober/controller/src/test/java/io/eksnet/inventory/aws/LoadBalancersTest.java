package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Readings.lack;
import static io.eksnet.inventory.aws.Readings.read;
import static io.eksnet.inventory.aws.Readings.with;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.eksnet.inventory.InventorySource;
import io.eksnet.inventory.aws.FakeAws.Answer;
import io.eksnet.inventory.aws.FakeAws.Asked;
import io.eksnet.model.MovedClock;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeService;
import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Scheme;
import io.eksnet.model.inventory.ServicePort;
import io.eksnet.model.inventory.TargetGroup;
import io.eksnet.model.inventory.Unavailable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadBalancersTest {
  private final MovedClock clock = new MovedClock(Readings.NOW);
  private FakeAws aws;
  private AwsClients clients;
  private InventorySource<List<LoadBalancer>> source;

  @BeforeEach
  void start() throws Exception {
    aws = new FakeAws();
    aws.on("DescribeTags", LoadBalancersTest::tagsOfAll);
    aws.on("DescribeListeners", listeners());
    clients = AwsClients.open(aws.settings(ofSeconds(10)), AwsRequestListener.NOOP, clock);
    source = new LoadBalancers(clients);
  }

  @AfterEach
  void stop() {
    clients.close();
    aws.close();
  }

  @Test
  void tagsAreAskedForTwentyAtOnceAndKeptForAWhile() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(45, ""));

    assertThat(read(source, Inventory.EMPTY)).hasSize(45);
    assertThat(asked("DescribeTags")).hasSize(3);
    assertThat(asked("DescribeTags"))
        .allMatch(asked -> !asked.params().containsKey("ResourceArns.member.21"));

    read(source, Inventory.EMPTY);
    assertThat(asked("DescribeTags")).hasSize(3);
    clock.forward(ofMinutes(10));
    read(source, Inventory.EMPTY);
    assertThat(asked("DescribeTags")).hasSize(6);
  }

  @Test
  void listenersAreAllReadAtFirstAndRefreshedAFewAtATime() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(45, ""));

    assertThat(listening(read(source, Inventory.EMPTY)))
        .as("a new leader plans no probe of those that it does not know")
        .isEqualTo(45);
    read(source, Inventory.EMPTY);
    assertThat(asked("DescribeListeners")).hasSize(45);
    clock.forward(ofMinutes(11));
    for (var more : List.of(20, 20, 5, 0)) {
      var before = asked("DescribeListeners").size();
      assertThat(listening(read(source, Inventory.EMPTY))).isEqualTo(45);
      assertThat(asked("DescribeListeners")).hasSize(before + more);
    }
  }

  @Test
  void readsListenersAgainWhenTheirIngressChangesAndWhenItsControllerIsDone() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(3, ""));
    aws.on("DescribeListeners", listeners(80, "HTTP"));
    var before = known(ingress("{\"HTTP\": 80}", reconcile(1, false)));
    assertThat(protocols(read(source, before))).containsExactly("HTTP", "HTTP", "HTTP");

    var edited = known(ingress("{\"HTTPS\": 80}", reconcile(1, false)));
    clock.forward(ofSeconds(14));
    assertThat(source.shouldRefresh(edited)).as("too soon after a read").isFalse();
    clock.forward(ofSeconds(1));
    assertThat(source.shouldRefresh(before)).as("unchanged").isFalse();
    assertThat(source.shouldRefresh(edited)).isTrue();
    assertThat(listenersRead(edited)).as("before its controller").containsExactly("lb/1");

    aws.on("DescribeListeners", listeners(80, "HTTPS"));
    clock.forward(ofSeconds(15));
    var done = known(ingress("{\"HTTPS\": 80}", reconcile(2, false)));
    assertThat(source.shouldRefresh(done)).isTrue();
    assertThat(listenersRead(done)).containsExactly("lb/1");
    assertThat(protocols(read(source, done))).containsExactly("HTTP", "HTTPS", "HTTP");
    assertThat(listenersRead(done)).isEmpty();
  }

  @Test
  void readsListenersOfAChangedServiceForAMinuteIfItsControllerHasNoEvents() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(2, ""));
    read(source, known(List.of(service("lb-1.example", 80))));
    var edited = known(List.of(service("lb-1.example", 443)));

    for (var reads : List.of(1, 1, 1, 0)) {
      clock.forward(ofSeconds(30));
      assertThat(listenersRead(edited)).hasSize(reads);
    }
  }

  @Test
  void readsListenersAgainWhenALoadBalancerGetsItsFirstIngress() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(2, ""));
    read(source, known(List.of()));
    clock.forward(ofMinutes(1));

    assertThat(listenersRead(known(ingress("", Optional.empty())))).containsExactly("lb/1");
  }

  @Test
  void readsNoListenersAgainWhenAnEventExpiresOrFailsOrObjectsAreUnknown() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(2, ""));
    var before = known(ingress("", reconcile(1, false)));
    read(source, before);

    for (var same :
        List.of(
            known(ingress("", Optional.empty())),
            known(ingress("", reconcile(1, true))),
            Inventory.EMPTY,
            known(ingress("", reconcile(2, true))))) {
      clock.forward(ofSeconds(30));
      assertThat(listenersRead(same)).isEmpty();
    }
  }

  @Test
  void readsTheListenersOfManyChangesAFewAtATime() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(45, ""));
    read(source, known(services(80)));
    var edited = known(services(443));

    clock.forward(ofMinutes(1));
    var first = listenersRead(edited);
    clock.forward(ofMinutes(1));
    var second = listenersRead(edited);
    clock.forward(ofMinutes(1));
    var third = listenersRead(edited);

    assertThat(List.of(first, second, third)).allMatch(some -> some.size() == 20);
    assertThat(Stream.of(first, second, third).flatMap(List::stream).distinct()).hasSize(45);
  }

  /** The load balancers whose listeners a read requests. */
  private List<String> listenersRead(Inventory known) throws Exception {
    var before = asked("DescribeListeners").size();
    read(source, known);
    return asked("DescribeListeners").stream()
        .skip(before)
        .map(asked -> asked.params().get("LoadBalancerArn"))
        .toList();
  }

  private static List<String> protocols(List<LoadBalancer> balancers) {
    return balancers.stream().map(lb -> lb.listeners().get(0).protocol()).toList();
  }

  private static Inventory known(KubeIngress ingress) {
    return with(known(List.of()), Resources.INGRESSES, List.of(ingress));
  }

  private static Inventory known(List<KubeService> services) {
    return with(
        with(Inventory.EMPTY, Resources.INGRESSES, List.of()), Resources.SERVICES, services);
  }

  /** With the address of {@code lb-1}. */
  private static KubeIngress ingress(String listenPorts, Optional<Reconcile> reconcile) {
    return new KubeIngress(
        "shop",
        "cart",
        "alb",
        "",
        Scheme.INTERNAL,
        List.of(),
        listenPorts.contains("HTTPS"),
        List.of("LB-1.example"),
        Map.of("alb.ingress.kubernetes.io/listen-ports", "[" + listenPorts + "]"),
        reconcile,
        Readings.NOW);
  }

  private static Optional<Reconcile> reconcile(int count, boolean failing) {
    return Optional.of(
        new Reconcile(
            failing,
            ReconcileCause.OTHER,
            failing ? "FailedDeployModel" : "SuccessfullyReconciled",
            "",
            count));
  }

  private static List<KubeService> services(int port) {
    return IntStream.range(0, 45).mapToObj(i -> service("lb-" + i + ".example", port)).toList();
  }

  @Test
  void idleTimeoutsAreReadAFewAtATimeAndAreOptional() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(7, ""));
    assertThat(idleTimeouts()).as("a refused read").isZero();

    aws.on(
        "DescribeLoadBalancerAttributes",
        Balanced.elb(
            "DescribeLoadBalancerAttributes",
            "<Attributes><member><Key>idle_timeout.timeout_seconds</Key><Value>75</Value>"
                + "</member></Attributes>"));
    assertThat(idleTimeouts()).isEqualTo(5);
    assertThat(idleTimeouts()).isEqualTo(7);
    var before = asked("DescribeLoadBalancerAttributes").size();
    assertThat(idleTimeouts()).isEqualTo(7);
    assertThat(asked("DescribeLoadBalancerAttributes")).hasSize(before);
  }

  private long idleTimeouts() throws Exception {
    return read(source, Inventory.EMPTY).stream()
        .filter(lb -> lb.idleTimeout().equals(Optional.of(ofSeconds(75))))
        .count();
  }

  @Test
  void clientAddressesOfNetworkTargetGroupsAreRead() throws Exception {
    aws.on(
        "DescribeTargetGroups",
        Balanced.elb(
            "DescribeTargetGroups",
            "<TargetGroups>%s%s</TargetGroups>"
                .formatted(targetGroup("web", "HTTP"), targetGroup("edge", "TCP"))));
    aws.on(
        "DescribeTargetGroupAttributes",
        Balanced.elb(
            "DescribeTargetGroupAttributes",
            "<Attributes><member><Key>preserve_client_ip.enabled</Key><Value>false</Value>"
                + "</member></Attributes>"));
    var known =
        with(
            with(Inventory.EMPTY, Resources.TARGET_GROUP_BINDINGS, List.of()),
            Resources.LOAD_BALANCERS,
            List.of(Balanced.balancer()));

    assertThat(read(new TargetGroups(clients), known))
        .extracting(TargetGroup::name, TargetGroup::preservesClientIp)
        .containsExactly(tuple("edge", Optional.of(false)), tuple("web", Optional.empty()));
    assertThat(asked("DescribeTargetGroupAttributes")).hasSize(1);
  }

  private static String targetGroup(String name, String protocol) {
    return "<member><TargetGroupArn>%1$s</TargetGroupArn><TargetGroupName>%1$s</TargetGroupName>"
            .formatted(name)
        + "<Protocol>%s</Protocol><LoadBalancerArns><member>lb</member></LoadBalancerArns></member>"
            .formatted(protocol);
  }

  @Test
  void allPagesAreRead() throws Exception {
    aws.on(
        "DescribeLoadBalancers",
        asked ->
            asked.params().containsKey("Marker")
                ? Answer.ok(balancersFrom(2, 2, ""))
                : Answer.ok(balancersFrom(0, 2, "<NextMarker>m</NextMarker>")));

    assertThat(read(source, Inventory.EMPTY))
        .extracting(LoadBalancer::name)
        .containsExactly("lb-0", "lb-1", "lb-2", "lb-3");
  }

  @Test
  void pagesWithoutEndAreAFailure() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(1, "<NextMarker>m</NextMarker>"));

    assertThat(lack(source, Inventory.EMPTY).reason()).isEqualTo(Unavailable.Reason.ERROR);
  }

  @Test
  void aLoadBalancerThatGoesMeanwhileTakesNoOtherWithIt() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(3, ""));
    aws.on(
        "DescribeTags",
        asked ->
            asked.params().containsValue("lb/1")
                ? FakeAws.error(400, "LoadBalancerNotFound", "gone").apply(asked)
                : tagsOfAll(asked));

    assertThat(read(source, Inventory.EMPTY))
        .extracting(LoadBalancer::name)
        .containsExactly("lb-0", "lb-2");
  }

  @Test
  void withoutTheRightToReadTagsThoseWithKnownNamesRemain() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(3, ""));
    aws.on("DescribeTags", FakeAws.error(403, "AccessDenied", "no"));
    aws.on("DescribeListeners", FakeAws.error(403, "AccessDenied", "no"));
    var known =
        with(Inventory.EMPTY, Resources.SERVICES, List.of(service("dualstack.LB-2.example.")));

    assertThat(read(source, known)).extracting(LoadBalancer::name).containsExactly("lb-2");
  }

  @Test
  void aThrottledListingIsNotAnEmptyOne() throws Exception {
    aws.on("DescribeLoadBalancers", FakeAws.error(400, "Throttling", "Rate exceeded"));
    assertThat(lack(source, Inventory.EMPTY).reason()).isEqualTo(Unavailable.Reason.THROTTLED);

    aws.on("DescribeLoadBalancers", balancers(1, ""));
    aws.on("DescribeTags", FakeAws.error(400, "Throttling", "Rate exceeded"));
    assertThat(lack(source, Inventory.EMPTY).reason()).isEqualTo(Unavailable.Reason.THROTTLED);
  }

  @Test
  void whatWasChosenByNameStaysWhileKubernetesIsUnknown() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(2, ""));
    aws.on("DescribeTags", asked -> Answer.ok(tags("")));
    var named = with(Inventory.EMPTY, Resources.SERVICES, List.of(service("lb-1.example")));

    assertThat(read(source, named)).hasSize(1);
    assertThat(read(source, Inventory.EMPTY))
        .extracting(LoadBalancer::name)
        .containsExactly("lb-1");
  }

  @Test
  void schemeStateAndReasonAreRead() throws Exception {
    aws.on("DescribeLoadBalancers", balancers(1, ""));

    assertThat(read(source, Inventory.EMPTY).get(0))
        .returns(Scheme.INTERNAL, LoadBalancer::scheme)
        .returns("active_impaired", LoadBalancer::state)
        .returns("no addresses", LoadBalancer::stateReason)
        .returns(List.of(new LoadBalancer.Listener(443, "HTTPS")), LoadBalancer::listeners);
  }

  private List<Asked> asked(String operation) {
    return aws.asked().stream().filter(asked -> asked.operation().equals(operation)).toList();
  }

  private static long listening(List<LoadBalancer> balancers) {
    return balancers.stream().filter(lb -> !lb.listeners().isEmpty()).count();
  }

  private static String balancers(int count, String marker) {
    return balancersFrom(0, count, marker);
  }

  private static String balancersFrom(int from, int count, String marker) {
    return IntStream.range(from, from + count)
        .mapToObj(
            i ->
                """
                <member><LoadBalancerArn>lb/%1$d</LoadBalancerArn>
                <LoadBalancerName>lb-%1$d</LoadBalancerName><DNSName>lb-%1$d.example</DNSName>
                <Type>application</Type><Scheme>internal</Scheme>
                <State><Code>active_impaired</Code><Reason>no addresses</Reason></State></member>
                """
                    .formatted(i))
        .collect(
            joining(
                "",
                "<R><DescribeLoadBalancersResult><LoadBalancers>",
                "</LoadBalancers>" + marker + "</DescribeLoadBalancersResult></R>"));
  }

  /** Every requested load balancer is the cluster's. */
  private static Answer tagsOfAll(Asked asked) {
    return Answer.ok(
        tags(
            asked.params().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("ResourceArns"))
                .map(Map.Entry::getValue)
                .map(
                    arn ->
                        """
                        <member><ResourceArn>%s</ResourceArn><Tags><member>
                        <Key>elbv2.k8s.aws/cluster</Key><Value>%s</Value></member></Tags></member>
                        """
                            .formatted(arn, FakeAws.CLUSTER))
                .collect(joining())));
  }

  private static String tags(String members) {
    return "<R><DescribeTagsResult><TagDescriptions>"
        + members
        + "</TagDescriptions></DescribeTagsResult></R>";
  }

  private static String listeners() {
    return listeners(443, "HTTPS");
  }

  private static String listeners(int port, String protocol) {
    return """
    <R><DescribeListenersResult><Listeners><member><Port>%d</Port><Protocol>%s</Protocol>\
    </member></Listeners></DescribeListenersResult></R>\
    """
        .formatted(port, protocol);
  }

  private static KubeService service(String address) {
    return service(address, 80);
  }

  private static KubeService service(String address, int port) {
    return new KubeService(
        "shop",
        "cart",
        "LoadBalancer",
        List.of(),
        List.of(new ServicePort("", "TCP", port, 0, Optional.empty(), "")),
        List.of(address),
        Map.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty());
  }
}
