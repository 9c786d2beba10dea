package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.ReconcileCause;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Classifies error messages of controllers: events of the AWS Load Balancer Controller, and
 * termination messages of containers.
 */
final class ReconcileErrorParser {
  private record Signature(ReconcileCause cause, Pattern pattern) {
    Signature(ReconcileCause cause, String pattern) {
      this(cause, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
    }
  }

  /**
   * In order of causality: DNS errors make credentials fail, and without credentials or permissions
   * no subnets are found.
   */
  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature(
              ReconcileCause.DNS,
              "\\blookup \\S+.*(no such host|i/o timeout|connection refused|server misbehaving)"),
          new Signature(
              ReconcileCause.CREDENTIALS,
              "WebIdentityErr|failed to (retrieve|refresh cached) credentials|no EC2 IMDS role"
                  + "|NoCredentialProviders|ExpiredToken|InvalidIdentityToken"
                  + "|AssumeRoleWithWebIdentity|ec2imds.*deadline exceeded"
                  + "|unable to locate credentials"),
          new Signature(
              ReconcileCause.THROTTLED,
              "Throttling|RequestLimitExceeded|Rate exceeded|TooManyRequests"),
          new Signature(
              ReconcileCause.IAM, "AccessDenied|UnauthorizedOperation|not authorized to perform"),
          new Signature(
              ReconcileCause.SUBNET_DISCOVERY,
              "auto-discover subnets|unable to resolve at least one subnet|subnets count less"
                  + "|no subnets found"),
          new Signature(ReconcileCause.SG, "expected exactly one securityGroup"),
          new Signature(
              ReconcileCause.ANNOTATION,
              "annotation|ingress\\.kubernetes\\.io/|no certificate found|conflict"
                  + "|(services?|backend|secrets?|IngressClass(Params)?|ingressgroup)\\b.*not found"
                  + "|unable to find port|missing .*configuration|invalid ingress"));

  private ReconcileErrorParser() {}

  /** The first cause whose signature is in the message. */
  static ReconcileCause parse(String message) {
    return SIGNATURES.stream()
        .filter(signature -> signature.pattern().matcher(message).find())
        .map(Signature::cause)
        .findFirst()
        .orElse(ReconcileCause.OTHER);
  }
}
