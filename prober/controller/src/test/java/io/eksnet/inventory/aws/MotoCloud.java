package io.eksnet.inventory.aws;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.ec2.model.AddPrefixListEntry;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2AsyncClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** A VPC in moto, made with the SDK, in which tests put what they need. */
final class MotoCloud implements AutoCloseable {
  private final AwsClients clients;
  final String vpc;
  final List<String> subnets;

  MotoCloud(URI endpoint) {
    clients = Readings.clients(endpoint);
    vpc = ec2().createVpc(r -> r.cidrBlock("10.0.0.0/16")).join().vpc().vpcId();
    subnets = List.of(subnet("10.0.0.0/24", "eu-west-1a"), subnet("10.0.1.0/24", "eu-west-1b"));
  }

  Ec2AsyncClient ec2() {
    return clients.ec2();
  }

  ElasticLoadBalancingV2AsyncClient elb() {
    return clients.elb();
  }

  String subnet(String range, String zone) {
    return ec2()
        .createSubnet(r -> r.vpcId(vpc).cidrBlock(range).availabilityZone(zone))
        .join()
        .subnet()
        .subnetId();
  }

  String group(String name) {
    return ec2()
        .createSecurityGroup(r -> r.vpcId(vpc).groupName(name).description(name))
        .join()
        .groupId();
  }

  LoadBalancer balancer(String name, String group, Tag... tags) {
    return elb()
        .createLoadBalancer(
            r -> r.name(name).subnets(subnets).securityGroups(group).tags(List.of(tags)))
        .join()
        .loadBalancers()
        .get(0);
  }

  static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  void listen(String balancer, int port, String targetGroup) {
    elb()
        .createListener(
            r ->
                r.loadBalancerArn(balancer)
                    .port(port)
                    .protocol(ProtocolEnum.HTTP)
                    .defaultActions(
                        Action.builder().type("forward").targetGroupArn(targetGroup).build()))
        .join();
  }

  String targetGroup(String name, TargetTypeEnum type, int port) {
    return elb()
        .createTargetGroup(
            r ->
                r.name(name)
                    .vpcId(vpc)
                    .protocol(ProtocolEnum.HTTP)
                    .port(port)
                    .targetType(type)
                    .healthCheckPath("/ready")
                    .healthCheckIntervalSeconds(15)
                    .matcher(m -> m.httpCode("200-299")))
        .join()
        .targetGroups()
        .get(0)
        .targetGroupArn();
  }

  void register(String targetGroup, int port, String... ids) {
    elb()
        .registerTargets(
            r ->
                r.targetGroupArn(targetGroup)
                    .targets(
                        Stream.of(ids)
                            .map(id -> TargetDescription.builder().id(id).port(port).build())
                            .toList()))
        .join();
  }

  String instance(String group) {
    return ec2()
        .runInstances(
            r ->
                r.imageId("ami-12c6146b")
                    .minCount(1)
                    .maxCount(1)
                    .instanceType(InstanceType.M5_LARGE)
                    .subnetId(subnets.get(0))
                    .securityGroupIds(group))
        .join()
        .instances()
        .get(0)
        .instanceId();
  }

  /** An interface that is no instance's, as on Fargate. */
  String nic(String address, String group) {
    return ec2()
        .createNetworkInterface(
            r -> r.subnetId(subnets.get(0)).privateIpAddress(address).groups(group))
        .join()
        .networkInterface()
        .networkInterfaceId();
  }

  String prefixList(String... ranges) {
    return ec2()
        .createManagedPrefixList(
            r ->
                r.prefixListName("sources")
                    .addressFamily("IPv4")
                    .maxEntries(10)
                    .entries(
                        Stream.of(ranges)
                            .map(range -> AddPrefixListEntry.builder().cidr(range).build())
                            .toList()))
        .join()
        .prefixList()
        .prefixListId();
  }

  void permit(String group, IpPermission permission) {
    ec2().authorizeSecurityGroupIngress(r -> r.groupId(group).ipPermissions(permission)).join();
  }

  void forbid(String group, IpPermission permission) {
    ec2().revokeSecurityGroupIngress(r -> r.groupId(group).ipPermissions(permission)).join();
  }

  @Override
  public void close() {
    clients.close();
  }
}
