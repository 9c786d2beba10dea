package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.ReconcileCause;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a controller's message about its failure means: the events of the AWS Load Balancer
 * Controller, and the last words of a container.
 */
final class ReconcileErrorParser {
  private record Sign(ReconcileCause cause, Pattern pattern) {
    Sign(ReconcileCause cause, String pattern) {
      this(cause, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
    }
  }

  /**
   * Causes before symptoms: a name that does not resolve denies the credentials, and who has none
   * or may not ask finds no subnets.
   */
  private static final List<Sign> SIGNS =
      List.of(
          new Sign(
              ReconcileCause.DNS,
              "\\blookup \\S+.*(no such host|i/o timeout|connection refused|server misbehaving)"),
          new Sign(
              ReconcileCause.CREDENTIALS,
              "WebIdentityErr|failed to (retrieve|refresh cached) credentials|no EC2 IMDS role"
                  + "|NoCredentialProviders|ExpiredToken|InvalidIdentityToken"
                  + "|AssumeRoleWithWebIdentity|ec2imds.*deadline exceeded"
                  + "|unable to locate credentials"),
          new Sign(
              ReconcileCause.THROTTLED,
              "Throttling|RequestLimitExceeded|Rate exceeded|TooManyRequests"),
          new Sign(
              ReconcileCause.IAM, "AccessDenied|UnauthorizedOperation|not authorized to perform"),
          new Sign(
              ReconcileCause.SUBNET_DISCOVERY,
              "auto-discover subnets|unable to resolve at least one subnet|subnets count less"
                  + "|no subnets found"),
          new Sign(ReconcileCause.SG, "expected exactly one securityGroup"),
          new Sign(
              ReconcileCause.ANNOTATION,
              "annotation|ingress\\.kubernetes\\.io/|no certificate found|conflict"
                  + "|(services?|backend|secrets?|IngressClass(Params)?|ingressgroup)\\b.*not found"
                  + "|unable to find port|missing .*configuration|invalid ingress"));

  private ReconcileErrorParser() {}

  /** Why it failed. */
  static ReconcileCause cause(String message) {
    return SIGNS.stream()
        .filter(sign -> sign.pattern().matcher(message).find())
        .map(Sign::cause)
        .findFirst()
        .orElse(ReconcileCause.OTHER);
  }
}
