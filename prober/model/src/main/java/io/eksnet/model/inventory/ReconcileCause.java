package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** Why a controller fails, from its events and messages. */
public enum ReconcileCause implements Labelled {
  /** It cannot resolve names. */
  DNS,
  /** It gets no AWS credentials. */
  CREDENTIALS,
  /** Its role may not do what it must. */
  IAM,
  /** It finds no subnets for the load balancer. */
  SUBNET_DISCOVERY,
  /** It cannot tell which security group is its own. */
  SG,
  /** An annotation or a reference is wrong. */
  ANNOTATION,
  /** AWS throttles it. */
  THROTTLED,
  /** Anything else. */
  OTHER
}
