package io.eksnet.model.inventory;

import io.eksnet.model.Labelled;

/** Why a controller fails, from its events and from the termination messages of its pods. */
public enum ReconcileCause implements Labelled {
  /** Its DNS queries are not answered. */
  DNS,
  /** DNS answers that a host does not exist: a wrong Region, endpoint or private zone. */
  NAME_NOT_FOUND,
  /** It gets no AWS credentials. */
  CREDENTIALS,
  /** It has a role, and the trust policy or the OIDC provider of the role refuses it. */
  CREDENTIALS_TRUST_POLICY,
  /** It needs the instance metadata service and gets no response. */
  IMDS_UNREACHABLE,
  /** An AWS API does not respond, although its name resolves. */
  AWS_API_UNREACHABLE,
  /** Its role lacks a permission. */
  IAM,
  /** AWS throttles it. */
  THROTTLED,
  /** AWS refuses because of a quota. */
  QUOTA_EXCEEDED,
  /** The API server cannot call an admission webhook. */
  WEBHOOK_UNREACHABLE,
  /** The API server does not trust the certificate of an admission webhook. */
  WEBHOOK_CERTIFICATE,
  /** It finds no subnets for the load balancer. */
  SUBNET_DISCOVERY,
  /** The subnets of the load balancer have too few free addresses. */
  SUBNET_EXHAUSTED,
  /** It cannot tell which security group of an interface is the cluster's. */
  SG,
  /** ACM has no usable certificate for the load balancer. */
  LB_CERTIFICATE,
  /** An annotation or a reference is wrong. */
  ANNOTATION,
  /** Anything else. */
  OTHER
}
