package io.eksnet.fact.aws;

import io.eksnet.core.inventory.Part;
import io.eksnet.core.inventory.Parts;
import io.eksnet.fact.api.Permission;
import io.eksnet.fact.api.Permission.Iam;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The actions that each part of the inventory needs, as narrow as they can be (service
 * authorization reference): EC2 and Elastic Load Balancing describe all or nothing.
 */
public final class AwsPermissions {
  private static final String EKS = "arn:aws:eks:REGION:ACCOUNT:";
  private static final List<String> PREFIX_LISTS =
      List.of("arn:aws:ec2:REGION:ACCOUNT:prefix-list/*", "arn:aws:ec2:REGION:aws:prefix-list/*");

  private AwsPermissions() {}

  /** By part; {@code sts:GetCallerIdentity} needs none (its API reference). */
  public static Map<Part<?>, List<Permission>> byPart() {
    var all = new LinkedHashMap<Part<?>, List<Permission>>();
    all.put(
        Parts.CLUSTER,
        List.of(
            eks("DescribeCluster", "cluster/CLUSTER"),
            Iam.anywhere("eks:DescribeClusterVersions")));
    all.put(
        Parts.ADDONS,
        List.of(eks("ListAddons", "cluster/CLUSTER"), eks("DescribeAddon", "addon/CLUSTER/*/*")));
    all.put(
        Parts.FARGATE_PROFILES,
        List.of(
            eks("ListFargateProfiles", "cluster/CLUSTER"),
            eks("DescribeFargateProfile", "fargateprofile/CLUSTER/*/*")));
    all.put(
        Parts.POD_IDENTITY_ASSOCIATIONS,
        List.of(eks("ListPodIdentityAssociations", "cluster/CLUSTER")));
    all.put(
        Parts.SUBNETS, ec2("DescribeSubnets", "DescribeInstances", "GetSubnetCidrReservations"));
    all.put(Parts.LB_SUBNETS, ec2("DescribeSubnets", "DescribeRouteTables"));
    all.put(Parts.FREE_PREFIXES, ec2("DescribeNetworkInterfaces"));
    all.put(Parts.VPC_ENDPOINTS, ec2("DescribeVpcEndpoints"));
    all.put(Parts.LEAKED_INTERFACES, ec2("DescribeNetworkInterfaces"));
    all.put(
        Parts.SECURITY_PATHS,
        Stream.concat(
                ec2(
                    "DescribeNetworkInterfaces",
                    "DescribeSecurityGroupRules",
                    "DescribeSecurityGroups",
                    "DescribeSubnets")
                    .stream(),
                Stream.of(new Iam("ec2:GetManagedPrefixListEntries", PREFIX_LISTS)))
            .toList());
    all.put(
        Parts.LOAD_BALANCERS, elb("DescribeLoadBalancers", "DescribeTags", "DescribeListeners"));
    all.put(Parts.TARGET_GROUPS, elb("DescribeTargetGroups"));
    all.put(Parts.TARGET_HEALTH, elb("DescribeTargetHealth"));
    all.put(Parts.CALLER_IDENTITY, List.of());
    return all;
  }

  private static Permission eks(String operation, String resource) {
    return new Iam("eks:" + operation, List.of(EKS + resource));
  }

  private static List<Permission> ec2(String... operations) {
    return anywhere("ec2:", operations);
  }

  private static List<Permission> elb(String... operations) {
    return anywhere("elasticloadbalancing:", operations);
  }

  private static List<Permission> anywhere(String service, String... operations) {
    return Stream.of(operations)
        .<Permission>map(operation -> Iam.anywhere(service + operation))
        .toList();
  }
}
