package io.eksnet.lab.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.lab.cluster.AwsResource.TargetGroup;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.Behavior.AwsFault;
import io.eksnet.lab.cluster.Behavior.AwsFault.Kind;
import io.eksnet.lab.cluster.Behavior.PageLimit;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.TestClusters;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthReasonEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.sts.StsClient;

/** The answers as the real SDK reads them. */
class AwsEndpointTest {
  private static final String FRONT = TestClusters.FRONTEND_TARGETS;

  private final Vertx vertx = Vertx.vertx();
  private volatile ClusterState state = TestClusters.healthy();
  private final AwsEndpoint endpoint =
      AwsEndpoint.start(vertx, 0, () -> state, arn -> List.of(timedOut()));
  private final Ec2Client ec2 = client(Ec2Client.builder());
  private final ElasticLoadBalancingV2Client elb = client(ElasticLoadBalancingV2Client.builder());
  private final EksClient eks = client(EksClient.builder());
  private final StsClient sts = client(StsClient.builder());

  private <C extends AutoCloseable, B extends AwsClientBuilder<B, C>> C client(B builder) {
    return builder
        .endpointOverride(URI.create(endpoint.url()))
        .region(Region.EU_WEST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("lab", "lab")))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .retryStrategy(DefaultRetryStrategy.doNotRetry())
                .apiCallAttemptTimeout(Duration.ofSeconds(8))
                .build())
        .build();
  }

  private TargetHealth timedOut() {
    var target = state.get(TargetGroup.class, FRONT).targets().get(0);
    return new TargetHealth(target, 8080, "unhealthy", "Target.Timeout", "Request timed out");
  }

  @AfterEach
  void stop() throws Exception {
    for (var client : List.<AutoCloseable>of(ec2, elb, eks, sts, endpoint)) {
      client.close();
    }
    vertx.close().await();
  }

  @Test
  void subnetsHaveTheirTagsAndFreeAddresses() {
    var subnets =
        ec2.describeSubnets(
                b -> b.filters(filter("vpc-id", TestClusters.VPC), filter("tag-key", "*/elb")))
            .subnets();

    assertThat(subnets).hasSize(3);
    assertThat(subnets)
        .allSatisfy(
            subnet -> {
              assertThat(subnet.cidrBlock()).matches("127\\.10\\.9[678]\\.0/24");
              assertThat(subnet.availableIpAddressCount()).isEqualTo(250);
              assertThat(subnet.tags())
                  .anyMatch(
                      tag -> tag.key().equals("kubernetes.io/role/elb") && tag.value().equals("1"));
            });
  }

  @Test
  void everyFilterMustMatchAndUnknownOnesAreRefused() {
    assertThat(
            ec2.describeSubnets(
                    b ->
                        b.filters(
                            filter("availability-zone", "eu-west-1a"),
                            filter("tag:kubernetes.io/role/internal-elb", "1", "")))
                .subnets())
        .extracting(subnet -> subnet.subnetId())
        .containsExactly(TestClusters.PRIVATE_SUBNET_A);
    assertThatThrownBy(() -> ec2.describeSubnets(b -> b.filters(filter("colour", "red"))))
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterValue"));
    assertThatThrownBy(() -> ec2.describeSubnets(b -> b.subnetIds("subnet-0")))
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidSubnetID.NotFound"));
  }

  @Test
  void pagesAreFollowedToTheEnd() {
    state = state.with(new PageLimit(2));

    assertThat(ec2.describeSubnetsPaginator().subnets().stream()).hasSize(6);
    assertThat(endpoint.calls("ec2:DescribeSubnets")).isEqualTo(3);
    assertThat(
            ec2
                .describeNetworkInterfacesPaginator(b -> b.maxResults(5))
                .networkInterfaces()
                .stream())
        .hasSize(20);
    assertThat(endpoint.calls("ec2:DescribeNetworkInterfaces")).isEqualTo(10);
    assertThat(eks.listAddonsPaginator(b -> b.clusterName("lab")).addons().stream())
        .containsExactly("vpc-cni", "coredns", "kube-proxy", "eks-pod-identity-agent");
    assertThat(endpoint.calls("eks:ListAddons")).isEqualTo(2);

    state = state.with(new PageLimit(1));
    assertThat(elb.describeLoadBalancersPaginator().loadBalancers().stream()).hasSize(2);
    assertThat(endpoint.calls("elasticloadbalancing:DescribeLoadBalancers")).isEqualTo(2);
  }

  @Test
  void interfacesHaveAddressesGroupsAndInstances() {
    var instances =
        ec2.describeInstances().reservations().stream().flatMap(r -> r.instances().stream());
    var instance = instances.findFirst().orElseThrow();

    var interfaces =
        ec2.describeNetworkInterfaces(
                b -> b.filters(filter("attachment.instance-id", instance.instanceId())))
            .networkInterfaces();

    assertThat(instance.networkInterfaces()).hasSize(2);
    assertThat(instance.networkInterfaces().get(0).attachment().deviceIndex()).isZero();
    assertThat(interfaces).hasSize(2);
    assertThat(interfaces.get(1).description()).isEqualTo("aws-K8S-" + instance.instanceId());
    assertThat(interfaces.get(1).privateIpAddresses().size()).isGreaterThan(1);
    assertThat(interfaces.get(1).groups().get(0).groupId()).isEqualTo(TestClusters.NODE_GROUP);
    assertThat(interfaces.get(1).statusAsString()).isEqualTo("in-use");
  }

  @Test
  void rulesNameTheirPeers() {
    var rules =
        ec2.describeSecurityGroupRules(b -> b.filters(filter("group-id", TestClusters.NODE_GROUP)))
            .securityGroupRules();

    assertThat(rules).hasSize(4);
    assertThat(rules.get(2).fromPort()).isEqualTo(8080);
    assertThat(rules.get(2).referencedGroupInfo().groupId()).isEqualTo(TestClusters.BACKEND_GROUP);
    assertThat(rules).filteredOn(SecurityGroupRule::isEgress).hasSize(1);
    assertThat(rules.get(3).cidrIpv4()).isEqualTo("0.0.0.0/0");
    var group =
        ec2.describeSecurityGroups(b -> b.groupIds(TestClusters.NODE_GROUP))
            .securityGroups()
            .get(0);
    assertThat(group.ipPermissions()).hasSize(3);
    assertThat(group.ipPermissionsEgress()).hasSize(1);
  }

  @Test
  void theRestOfEc2IsReadable() {
    assertThat(ec2.describeVpcEndpoints().vpcEndpoints())
        .anySatisfy(
            one -> {
              assertThat(one.serviceName()).isEqualTo("com.amazonaws.eu-west-1.sts");
              assertThat(one.privateDnsEnabled()).isTrue();
              assertThat(one.stateAsString()).isEqualToIgnoringCase("available");
            });
    var tables =
        ec2.describeRouteTables(
                b -> b.filters(filter("association.subnet-id", TestClusters.PUBLIC_SUBNET_B)))
            .routeTables();
    assertThat(tables).hasSize(1);
    assertThat(tables.get(0).routes().get(1).gatewayId()).startsWith("igw-");
    assertThat(
            ec2.getManagedPrefixListEntries(b -> b.prefixListId("pl-6da54004"))
                .entries()
                .get(0)
                .cidr())
        .isEqualTo("3.5.64.0/21");
    assertThat(
            ec2.getSubnetCidrReservations(b -> b.subnetId(TestClusters.PRIVATE_SUBNET_A))
                .subnetIpv4CidrReservations())
        .isEmpty();
  }

  @Test
  void loadBalancersGroupsHealthTagsAndListeners() {
    var lb =
        elb.describeLoadBalancers(b -> b.names("k8s-shop-storefro-5a6b7c8d9e"))
            .loadBalancers()
            .get(0);
    assertThat(lb.schemeAsString()).isEqualTo("internet-facing");
    assertThat(lb.state().codeAsString()).isEqualTo("active");
    assertThat(lb.availabilityZones()).hasSize(3);
    assertThat(lb.createdTime()).isEqualTo(TestClusters.NOW.minus(Duration.ofDays(30)));

    var group = elb.describeTargetGroups(b -> b.targetGroupArns(FRONT)).targetGroups().get(0);
    assertThat(group.loadBalancerArns()).containsExactly(lb.loadBalancerArn());
    assertThat(group.healthCheckIntervalSeconds()).isEqualTo(15);
    assertThat(group.matcher().httpCode()).isEqualTo("200");

    var health =
        elb.describeTargetHealth(b -> b.targetGroupArn(FRONT)).targetHealthDescriptions().get(0);
    assertThat(health.targetHealth().state()).isEqualTo(TargetHealthStateEnum.UNHEALTHY);
    assertThat(health.targetHealth().reason()).isEqualTo(TargetHealthReasonEnum.TARGET_TIMEOUT);
    assertThat(health.targetHealth().description()).isEqualTo("Request timed out");
    assertThat(health.healthCheckPort()).isEqualTo("8080");

    var tags = elb.describeTags(b -> b.resourceArns(lb.loadBalancerArn(), FRONT)).tagDescriptions();
    assertThat(tags.get(1).tags())
        .anyMatch(tag -> tag.key().equals("elbv2.k8s.aws/cluster") && tag.value().equals("lab"));
    assertThat(
            elb.describeListeners(b -> b.loadBalancerArn(lb.loadBalancerArn()))
                .listeners()
                .get(0)
                .port())
        .isEqualTo(8081);
    assertThatThrownBy(() -> elb.describeTargetHealth(b -> b.targetGroupArn("arn:none")))
        .isInstanceOf(TargetGroupNotFoundException.class);
  }

  @Test
  void eksSpeaksOfTheClusterAndItsParts() {
    state =
        state.change(
            "{set: Cluster, to: {issues: [{code: InsufficientFreeAddresses, message: few}]}}");
    var cluster = eks.describeCluster(b -> b.name("lab")).cluster();
    assertThat(cluster.resourcesVpcConfig().clusterSecurityGroupId())
        .isEqualTo(TestClusters.CLUSTER_GROUP);
    assertThat(cluster.upgradePolicy().supportTypeAsString()).isEqualTo("STANDARD");
    assertThat(cluster.health().issues().get(0).codeAsString())
        .isEqualTo("InsufficientFreeAddresses");
    assertThat(cluster.createdAt()).isEqualTo(TestClusters.NOW.minus(Duration.ofDays(30)));
    assertThat(
            eks.describeAddon(b -> b.clusterName("lab").addonName("coredns"))
                .addon()
                .statusAsString())
        .isEqualTo("ACTIVE");
    assertThatThrownBy(() -> eks.describeAddon(b -> b.clusterName("lab").addonName("none")))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThat(eks.listFargateProfiles(b -> b.clusterName("lab")).fargateProfileNames()).isEmpty();
    var associations =
        eks.listPodIdentityAssociations(b -> b.clusterName("lab").namespace("karpenter"))
            .associations();
    assertThat(associations).hasSize(1);
    assertThat(eks.describeClusterVersions(b -> {}).clusterVersions())
        .extracting(v -> v.clusterVersion() + " " + v.versionStatusAsString())
        .containsExactly("1.33 STANDARD_SUPPORT", "1.31 EXTENDED_SUPPORT");
    assertThat(sts.getCallerIdentity().account()).isEqualTo("111122223333");
  }

  @ParameterizedTest
  @CsvSource({
    "ec2, THROTTLED, RequestLimitExceeded, 503, true",
    "ec2, DENIED, UnauthorizedOperation, 403, false",
    "ec2, EXPIRED, RequestExpired, 400, false",
    "ec2, ERROR, InternalError, 500, false",
    "elb, THROTTLED, Throttling, 400, true",
    "elb, DENIED, AccessDenied, 403, false",
    "elb, EXPIRED, ExpiredToken, 403, false",
    "eks, THROTTLED, ThrottlingException, 429, true",
    "eks, DENIED, AccessDeniedException, 403, false",
    "eks, EXPIRED, ExpiredTokenException, 400, false",
    "sts, EXPIRED, ExpiredToken, 403, false",
  })
  void faultsAreInTheWordsOfTheirService(
      String service, Kind fault, String code, int status, boolean throttled) {
    state = state.with(new AwsFault("*", fault));
    Runnable call =
        switch (service) {
          case "ec2" -> ec2::describeSubnets;
          case "elb" -> elb::describeLoadBalancers;
          case "eks" -> () -> eks.describeCluster(b -> b.name("lab"));
          default -> sts::getCallerIdentity;
        };

    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            e -> {
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
              assertThat(e.statusCode()).isEqualTo(status);
              assertThat(e.isThrottlingException()).isEqualTo(throttled);
            });
  }

  @Test
  void aFaultOfOneActionLeavesTheOthersAlone() {
    state = state.with(new AwsFault("ec2:DescribeSubnets", Kind.DENIED));

    assertThatThrownBy(ec2::describeSubnets)
        .hasMessageContaining("not authorized to perform: ec2:DescribeSubnets");
    assertThat(ec2.describeVpcEndpoints().vpcEndpoints()).hasSize(7);
    assertThat(endpoint.calls())
        .containsEntry("ec2:DescribeSubnets", 1L)
        .containsEntry("ec2:DescribeVpcEndpoints", 1L);
  }

  @Test
  void anEmptyPageMayHaveAnotherBehindIt() {
    state = state.with(new AwsFault("*", Kind.EMPTY_PAGE));

    assertThat(ec2.describeSubnets().subnets()).isEmpty();
    assertThat(ec2.describeSubnets().nextToken()).isNotEmpty();
    assertThat(ec2.describeSubnetsPaginator().subnets().stream()).hasSize(6);
    assertThat(elb.describeTargetGroupsPaginator().targetGroups().stream()).hasSize(2);
  }

  @Test
  void endlessPagesNeverEnd() {
    state = state.with(new AwsFault("ec2:DescribeSubnets", Kind.ENDLESS));

    assertThat(ec2.describeSubnetsPaginator().stream().limit(50)).hasSize(50);
  }

  @Test
  void aSlowAnswerOutlastsTheTimeout() {
    state = state.with(new AwsFault("sts:*", Kind.SLOW));

    assertThatThrownBy(
            () ->
                sts.getCallerIdentity(
                    b ->
                        b.overrideConfiguration(
                            o -> o.apiCallAttemptTimeout(Duration.ofMillis(500)))))
        .isInstanceOf(ApiCallAttemptTimeoutException.class);
  }

  @Test
  void unknownActionsAndUnsignedRequestsAreRefused() throws Exception {
    assertThatThrownBy(ec2::describeKeyPairs)
        .isInstanceOfSatisfying(
            AwsServiceException.class,
            e -> {
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidAction");
              assertThat(e.statusCode()).isEqualTo(400);
            });
    var unsigned =
        HttpRequest.newBuilder(
                URI.create(endpoint.url() + "/?Action=GetCallerIdentity&Version=2011-06-15"))
            .build();
    var answer = HttpClient.newHttpClient().send(unsigned, BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body())
        .isEqualToIgnoringWhitespace(
            "<ErrorResponse><Error><Type>Sender</Type><Code>MissingAuthenticationToken</Code>"
                + "<Message>Request is missing Authentication Token</Message></Error>"
                + "<RequestId>"
                + Stream.of(answer.body().split("RequestId>")).skip(1).findFirst().orElseThrow()
                + "RequestId></ErrorResponse>");
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }
}
