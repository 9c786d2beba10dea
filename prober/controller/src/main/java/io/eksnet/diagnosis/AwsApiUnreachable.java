package io.eksnet.diagnosis;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.VpcEndpoint;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * R66: a controller gets no response from an AWS API whose name resolves. One finding for each API,
 * from the errors of controllers; what the agents see is the matter of {@link EndpointUnreachable}.
 */
final class AwsApiUnreachable implements DiagnosisRule {
  /**
   * Such as {@code https://wafv2.eu-west-1.amazonaws.com} or {@code https://ec2.eu-west-1.api.aws}.
   */
  private static final Pattern HOST =
      Pattern.compile(
          "https?://([a-z0-9.-]+?)(?:\\.[a-z]{2}(?:-[a-z]+)+-\\d)?\\.(?:amazonaws\\.com(?:\\.cn)?|api\\.aws)\\b");

  /** Such as {@code operation error EC2: DescribeSubnets} of the AWS SDK for Go v2. */
  private static final Pattern OPERATION = Pattern.compile("operation error ([A-Za-z0-9 ]+):");

  /** VPC endpoints whose names differ from the host of the API (Amazon ECR, "VPC endpoints"). */
  private static final Map<String, String> ENDPOINT_NAMES =
      Map.of("api.ecr", "ecr.api", "dkr.ecr", "ecr.dkr");

  private static final Pattern PROXY = Pattern.compile("proxyconnect", Pattern.CASE_INSENSITIVE);

  /** A certificate that the controller rejects (Go, crypto/x509) is not one of AWS. */
  private static final Pattern INTERCEPTED = Pattern.compile("x509: ");

  /**
   * APIs that the AWS Load Balancer Controller calls for optional features (EKS User Guide, "Deploy
   * private clusters with limited internet access").
   */
  private static final Map<String, String> OPTIONAL =
      Map.of(
          "wafv2", "--enable-wafv2=false",
          "waf-regional", "--enable-waf=false",
          "shield", "--enable-shield=false");

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return ReconcileFailure.of(ReconcileCause.AWS_API_UNREACHABLE, evidence)
        .collect(groupingBy(failure -> api(failure.message()), TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(api -> finding(api.getKey(), api.getValue(), evidence));
  }

  /** The name that VPC endpoints have for the API; empty if the message names none. */
  private static String api(String message) {
    var host = HOST.matcher(message);
    if (host.find()) {
      return ENDPOINT_NAMES.entrySet().stream()
          .filter(name -> host.group(1).endsWith(name.getKey()))
          .findFirst()
          .map(Map.Entry::getValue)
          .orElse(host.group(1));
    }
    var operation = OPERATION.matcher(message);
    if (!operation.find()) {
      return "";
    }
    var name = operation.group(1).toLowerCase(Locale.ROOT).replace(" ", "");
    return name.startsWith("elasticloadbalancing") ? "elasticloadbalancing" : name;
  }

  private static Finding finding(
      String api, List<ReconcileFailure> failures, EvidenceIndex evidence) {
    var first = failures.get(0);
    var sts = evidence.sts().all();
    var scope = api.isEmpty() ? first.scope() : scope(api);
    var finding =
        ReportedError.finding(RootCause.AWS_API_UNREACHABLE, scope, 85, failures)
            .excludes("not DNS: the name resolves")
            .excludes("not a missing permission: no response came")
            .excludesIf(
                !api.equals("sts") && !sts.isEmpty() && sts.allHealthy(),
                "not all AWS APIs: %d nodes reach STS".formatted(sts.nodes().size()))
            .holdFor(ReportedError.untilRetried(failures));
    ImagePullBlocked.explainPulls(finding, List.of(api), evidence);
    if (PROXY.matcher(first.message()).find()) {
      return finding
          .fix(
              "check that the proxy of the controller runs and allows the host that the message"
                  + " names",
              "or list the host in NO_PROXY")
          .build();
    }
    if (INTERCEPTED.matcher(first.message()).find()) {
      return finding
          .excludes("not the route: the TLS handshake reaches a server")
          .fix(
              "check which proxy or firewall intercepts TLS to the host that the message names: let"
                  + " it pass this host, or add its authority to those that the controller trusts")
          .build();
    }
    if (!api.isEmpty()) {
      addEndpoint(finding, api, evidence);
    }
    if (OPTIONAL.containsKey(api)) {
      finding.fix(
          "or switch the feature off, if it is not used: %s of the AWS Load Balancer Controller"
              .formatted(OPTIONAL.get(api)));
    }
    return finding
        .fix(
            "check that the subnets of the controller's nodes have a route to a working NAT"
                + " gateway")
        .build();
  }

  static String scope(String api) {
    return "aws_api/" + api;
  }

  /** Adds what the VPC endpoints say about an API, and the steps that follow. */
  static void addEndpoint(Finding.Builder finding, String api, EvidenceIndex evidence) {
    evidence
        .inventory()
        .get(Resources.VPC_ENDPOINTS)
        .ifPresent(known -> addEndpoint(finding, api, known, evidence));
  }

  private static void addEndpoint(
      Finding.Builder finding, String api, List<VpcEndpoint> known, EvidenceIndex evidence) {
    finding.supportedBy(evidence.inventory(), Resources.VPC_ENDPOINTS);
    known.stream()
        .filter(endpoint -> endpoint.service().equals(api))
        .findFirst()
        .ifPresentOrElse(
            endpoint ->
                finding
                    .evidence(
                        "the VPC has the endpoint %s for %s, which is %s"
                            .formatted(endpoint.id(), api, endpoint.state()))
                    .fix(
                        "in the security group of %s, allow port 443 from the nodes and pods"
                            .formatted(endpoint.id()),
                        "check that %s has a subnet in the zone of each node of the controller"
                            .formatted(endpoint.id())),
            () ->
                finding
                    .evidence("the VPC has no endpoint for " + api)
                    .fix(
                        "without a NAT gateway, add a VPC endpoint for %s with private DNS"
                            .formatted(api)));
  }
}
