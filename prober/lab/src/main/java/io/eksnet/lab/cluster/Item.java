package io.eksnet.lab.cluster;

/** An element of the cluster's state, identified by its class and its key. */
public sealed interface Item permits AwsResource, KubeResource, Behavior {
  /** The id, ARN or {@code namespace/name}: unique within the class. */
  String key();
}
