package io.eksnet.bench;

import static java.util.stream.Collectors.joining;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Speaks the protocols of EC2, ELBv2, EKS and STS about the cluster, and counts the calls. */
final class AwsStub implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final int port;
  private final Map<String, LongAdder> calls = new ConcurrentSkipListMap<>();

  AwsStub() {
    port =
        Waiting.on(vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"))
            .actualPort();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** How often it was called, by service and operation. */
  Map<String, Long> calls() {
    var now = new TreeMap<String, Long>();
    calls.forEach((operation, count) -> now.put(operation, count.sum()));
    return now;
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              var params = params(body.toString());
              var action = params.getOrDefault("Action", "");
              var name = action.isEmpty() ? rest(request.path()) : service(action) + " " + action;
              calls.computeIfAbsent(name, n -> new LongAdder()).increment();
              var answer = action.isEmpty() ? json(request.path()) : xml(action, params);
              request
                  .response()
                  .putHeader("Content-Type", action.isEmpty() ? "application/json" : "text/xml")
                  .end(answer)
                  .onFailure(gone -> {});
            });
  }

  private static String service(String action) {
    return switch (action) {
      case "GetCallerIdentity" -> "sts";
      case "DescribeLoadBalancers",
          "DescribeTags",
          "DescribeListeners",
          "DescribeTargetGroups",
          "DescribeTargetHealth" ->
          "elbv2";
      default -> "ec2";
    };
  }

  private static String rest(String path) {
    var parts = path.split("/");
    return "eks " + (parts.length > 3 ? parts[3] : parts[1]);
  }

  private static String json(String path) {
    if (path.contains("cluster-versions")) {
      return "{\"clusterVersions\":[{\"clusterVersion\":\"1.33\"}]}";
    }
    if (path.endsWith("/addons")) {
      return "{\"addons\":[\"coredns\",\"vpc-cni\"]}";
    }
    if (path.contains("/addons/")) {
      return "{\"addon\":{\"addonName\":\"coredns\",\"status\":\"ACTIVE\"}}";
    }
    if (path.contains("fargate-profiles")) {
      return "{\"fargateProfileNames\":[]}";
    }
    if (path.contains("pod-identity")) {
      return "{\"associations\":[]}";
    }
    return """
        {"cluster":{"name":"%s","version":"1.33","status":"ACTIVE",
        "resourcesVpcConfig":{"vpcId":"%s","subnetIds":["subnet-0","subnet-1","subnet-2"],
        "clusterSecurityGroupId":"sg-1"},
        "kubernetesNetworkConfig":{"serviceIpv4Cidr":"172.20.0.0/16","ipFamily":"ipv4"},
        "upgradePolicy":{"supportType":"STANDARD"}}}"""
        .formatted(FleetCluster.NAME, FleetCluster.VPC);
  }

  private static String xml(String action, Map<String, String> params) {
    return switch (action) {
      case "GetCallerIdentity" ->
          elb(action, "<Account>111122223333</Account><Arn>arn:aws:iam::1:user/u</Arn>");
      case "DescribeLoadBalancers" ->
          elb(action, members("LoadBalancers", FleetCluster.BALANCERS, AwsStub::balancer));
      case "DescribeTags" -> elb(action, tags(params));
      case "DescribeListeners" ->
          elb(action, members("Listeners", 1, i -> "<Port>80</Port><Protocol>HTTP</Protocol>"));
      case "DescribeTargetGroups" ->
          elb(action, members("TargetGroups", FleetCluster.GROUPS, AwsStub::group));
      case "DescribeTargetHealth" ->
          elb(
              action,
              members(
                  "TargetHealthDescriptions",
                  FleetCluster.TARGETS,
                  i -> health(params.getOrDefault("TargetGroupArn", ""), i)));
      case "DescribeSubnets" -> items("subnetSet", 3, AwsStub::subnet);
      case "DescribeInstances" -> instances(params);
      case "DescribeNetworkInterfaces" -> items("networkInterfaceSet", 0, i -> "");
      case "DescribeVpcEndpoints" -> items("vpcEndpointSet", 0, i -> "");
      case "DescribeNetworkAcls" -> items("networkAclSet", 0, i -> "");
      case "DescribeNatGateways" -> items("natGatewaySet", 0, i -> "");
      case "DescribeRouteTables" -> items("routeTableSet", 0, i -> "");
      case "DescribeSecurityGroupRules" ->
          items(
              "securityGroupRuleSet",
              1,
              i ->
                  "<groupId>sg-lb</groupId><isEgress>true</isEgress><ipProtocol>-1</ipProtocol>"
                      + "<cidrIpv4>0.0.0.0/0</cidrIpv4>");
      case "DescribeSecurityGroups" -> items("securityGroupInfo", 0, i -> "");
      case "GetSubnetCidrReservations" -> items("subnetIpv4CidrReservationSet", 0, i -> "");
      default -> "<R/>";
    };
  }

  private static String balancer(int number) {
    return """
        <LoadBalancerArn>%s</LoadBalancerArn><LoadBalancerName>lb-%d</LoadBalancerName>\
        <DNSName>%s</DNSName><VpcId>%s</VpcId><Type>application</Type><Scheme>internal</Scheme>\
        <State><Code>active</Code></State><SecurityGroups><member>sg-lb</member></SecurityGroups>\
        <AvailabilityZones><member><ZoneName>%s</ZoneName><SubnetId>subnet-0</SubnetId></member>\
        </AvailabilityZones>"""
        .formatted(
            FleetCluster.arn(number),
            number,
            FleetCluster.dns(number),
            FleetCluster.VPC,
            FleetCluster.zone(0));
  }

  private static String tags(Map<String, String> params) {
    return named(params, "ResourceArns.member.")
        .map(
            arn ->
                """
                <member><ResourceArn>%s</ResourceArn><Tags><member>\
                <Key>elbv2.k8s.aws/cluster</Key><Value>%s</Value></member></Tags></member>"""
                    .formatted(arn, FleetCluster.NAME))
        .collect(joining("", "<TagDescriptions>", "</TagDescriptions>"));
  }

  private static String group(int number) {
    return """
        <TargetGroupArn>%s</TargetGroupArn><TargetGroupName>tg-%d</TargetGroupName>\
        <Protocol>HTTP</Protocol><Port>80</Port><TargetType>ip</TargetType>\
        <HealthCheckProtocol>HTTP</HealthCheckProtocol><HealthCheckPath>/</HealthCheckPath>\
        <HealthCheckPort>traffic-port</HealthCheckPort>\
        <LoadBalancerArns><member>%s</member></LoadBalancerArns>"""
        .formatted(
            FleetCluster.groupArn(number),
            number,
            FleetCluster.arn(number % FleetCluster.BALANCERS));
  }

  private static String health(String groupArn, int number) {
    var group = Integer.parseInt(groupArn.replaceAll(".*/tg-(\\d+)/1", "$1"));
    return """
        <Target><Id>%s</Id><Port>8080</Port></Target><HealthCheckPort>8080</HealthCheckPort>\
        <TargetHealth><State>healthy</State></TargetHealth>"""
        .formatted(FleetCluster.target(group, number));
  }

  private static String subnet(int number) {
    return """
        <subnetId>subnet-%1$d</subnetId><vpcId>%2$s</vpcId><cidrBlock>10.%1$d.0.0/16</cidrBlock>\
        <availableIpAddressCount>60000</availableIpAddressCount>\
        <availabilityZone>%3$s</availabilityZone><tagSet><item>\
        <key>kubernetes.io/role/internal-elb</key><value>1</value></item></tagSet>"""
        .formatted(number, FleetCluster.VPC, FleetCluster.zone(number));
  }

  private static String instances(Map<String, String> params) {
    return named(params, "Filter.1.Value.")
        .map(id -> "<item><instanceId>" + id + "</instanceId><subnetId>subnet-0</subnetId></item>")
        .collect(
            joining(
                "",
                "<R><reservationSet><item><instancesSet>",
                "</instancesSet></item></reservationSet></R>"));
  }

  private static Stream<String> named(Map<String, String> params, String prefix) {
    return params.entrySet().stream()
        .filter(param -> param.getKey().startsWith(prefix))
        .map(Map.Entry::getValue);
  }

  private static String elb(String action, String result) {
    return "<R><%1$sResult>%2$s</%1$sResult></R>".formatted(action, result);
  }

  private static String members(String name, int count, IntFunction<String> member) {
    return IntStream.range(0, count)
        .mapToObj(i -> "<member>" + member.apply(i) + "</member>")
        .collect(joining("", "<" + name + ">", "</" + name + ">"));
  }

  private static String items(String set, int count, IntFunction<String> item) {
    return IntStream.range(0, count)
        .mapToObj(i -> "<item>" + item.apply(i) + "</item>")
        .collect(joining("", "<R><" + set + ">", "</" + set + "></R>"));
  }

  private static Map<String, String> params(String form) {
    var params = new HashMap<String, String>();
    for (var pair : form.split("&", -1)) {
      var at = pair.indexOf('=');
      if (at > 0) {
        params.put(
            pair.substring(0, at),
            URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
      }
    }
    return params;
  }

  @Override
  public void close() {
    Waiting.on(vertx.close());
  }
}
