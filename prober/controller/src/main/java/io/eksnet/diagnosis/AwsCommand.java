package io.eksnet.diagnosis;

import io.eksnet.model.inventory.EksCluster;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;

/** Commands of the AWS CLI with the names of a cluster, for the fixes of its findings. */
final class AwsCommand {
  private final String region;
  private final String cluster;

  private AwsCommand(String region, String cluster) {
    this.region = region;
    this.cluster = cluster;
  }

  static AwsCommand of(Inventory inventory) {
    var cluster = inventory.get(Resources.CLUSTER);
    return new AwsCommand(
        cluster.flatMap(EksCluster::region).map(name -> " --region " + name).orElse(""),
        cluster.map(EksCluster::name).orElse("CLUSTER"));
  }

  /** Such as {@code of("ec2 describe-subnets", "--subnet-ids subnet-1")}. */
  String of(String operation, String arguments) {
    return "aws " + operation + region + " " + arguments;
  }

  /** An operation of EKS on this cluster. */
  String ofCluster(String operation, String arguments) {
    return of("eks " + operation, ("--cluster-name " + cluster + " " + arguments).strip());
  }
}
