package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.ReconcileCause;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Classifies error messages of controllers: events of the AWS Load Balancer Controller, and
 * termination messages of containers. The messages of all supported versions, with their sources,
 * are in the test resource {@code messages.tsv}.
 *
 * <p>A message that matches nothing is {@link ReconcileCause#OTHER}: its text is reported, and no
 * cause is guessed.
 */
final class ReconcileErrorParser {
  private record Signature(ReconcileCause cause, Pattern pattern) {
    Signature(ReconcileCause cause, String... alternatives) {
      this(cause, compile(alternatives));
    }
  }

  /** A call of the API server to an admission webhook; not one that the webhook denied. */
  private static final Pattern WEBHOOK_CALL =
      compile("failed calling webhook", "failed to call webhook");

  /**
   * An event has at most 1,024 characters, a termination message 4,096 (Kubernetes API reference);
   * the rest of a longer text is not read.
   */
  private static final int MAX_LENGTH = 16_384;

  private static final Pattern CERTIFICATE_ERROR = compile("x509:", "certificate");

  private static final Pattern NO_RESPONSE =
      compile(
          "deadline exceeded",
          "i/o timeout",
          "timed? ?out",
          "connection refused",
          "connection reset",
          "no route to host",
          "network is unreachable",
          "no endpoints available",
          "(service|endpoints?) \"[^\"]*\" not found",
          "dial tcp",
          "\\bEOF\\b",
          "proxyconnect",
          "request canceled",
          "Service Unavailable",
          "Bad Gateway",
          "Gateway Time-?out",
          "address is not allowed");

  /** A name that the resolver of Go, glibc, musl, Python, Java or Node.js could not resolve. */
  private static final Pattern LOOKUP =
      compile(
          "\\blookup \\S+",
          "name resolution",
          "name or service not known",
          "failed to resolve '",
          "UnknownHostException",
          "getaddrinfo");

  /** NXDOMAIN is an answer: DNS works. */
  private static final Pattern NO_SUCH_HOST =
      compile("no such host", "name or service not known", "ENOTFOUND");

  /** The instance metadata service, by the client's name or by its address. */
  private static final Pattern IMDS =
      compile(
          "ec2imds",
          "EC2Metadata",
          "ec2 metadata",
          "instance metadata",
          "//169\\.254\\.169\\.254",
          "fd00:ec2::254");

  /** The SDK turned to IMDS because the pod has no role of its own, and there is none either. */
  private static final Pattern NO_ROLE =
      compile(
          "no EC2 IMDS role found",
          "NoCredentialProviders",
          "unable to locate credentials",
          "unable to load (AWS )?credentials",
          "no valid credential",
          "could not load credentials from any providers",
          "get credentials: [^\"]*no .*role");

  /**
   * The caller is the role of an instance, whose session is named after the instance: the pod has
   * no role of its own. The service controller of Kubernetes runs with the role of its instance.
   */
  private static final Pattern NODE_ROLE =
      compile(
          "^(?!Error syncing load balancer).*assumed-role/[^/\\s]+/i-[0-9a-f]{8,17}\\b.*not authorized");

  /** A response status of 0 stands for no response in the AWS SDK for Go v2. */
  private static final Pattern AWS_API =
      compile(
          "https?://[a-z0-9.-]+\\.(amazonaws\\.com(\\.cn)?|api\\.aws)\\b",
          "https response error StatusCode: 0\\b",
          "Could not connect to the endpoint URL",
          "Connect timeout on endpoint URL",
          "RequestError: send request failed");

  private static final Pattern CONNECTION_FAILED =
      compile(
          "dial tcp \\[?[0-9a-f.:]+\\]?:\\d+:",
          "i/o timeout",
          "connection refused",
          "connection reset by peer",
          "no route to host",
          "network is unreachable",
          "TLS handshake timeout",
          "deadline exceeded",
          "request canceled",
          "timed out",
          "Could not connect to the endpoint URL",
          "Connect timeout on endpoint URL",
          "proxyconnect",
          "\\bEOF\\b",
          "x509:",
          "https response error StatusCode: 0\\b");

  /**
   * Numbers of the message of subnet discovery since version 2.9: subnets, those of other clusters,
   * those with too few addresses, and those without IPv6.
   */
  private static final Pattern EVALUATED_SUBNETS =
      compile(
          "Evaluated (\\d+) subnets: (\\d+) are tagged for other clusters,(?: and)? (\\d+) have"
              + " insufficient available IP addresses(?:, and (\\d+) don't have an associated IPv6)?");

  private static final String BUILDS_MODEL = "^Failed build model due to .*";

  /** In order of causality: what fails first stands first. */
  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature(
              ReconcileCause.CREDENTIALS_TRUST_POLICY,
              "InvalidIdentityToken",
              "No OpenIDConnect provider found",
              "Incorrect token audience",
              "not authorized to perform:? sts:AssumeRoleWithWebIdentity",
              "AssumeRoleWithWebIdentity.*AccessDenied",
              "AccessDenied.*AssumeRoleWithWebIdentity",
              "EKS does not have permissions to assume the associated role",
              "not authorized to perform:? sts:TagSession"),
          new Signature(
              ReconcileCause.THROTTLED,
              "Throttling",
              "ThrottledException",
              "RequestLimitExceeded",
              "Rate exceeded",
              "TooManyRequests",
              "PriorRequestNotComplete",
              "RequestThrottled",
              "\\bSlowDown\\b"),
          new Signature(
              ReconcileCause.QUOTA_EXCEEDED,
              "\\bTooMany(LoadBalancers|TargetGroups|Targets|Rules|Certificates|Listeners|Actions"
                  + "|Tags|Registrations\\w*|Unique\\w+|TrustStore\\w*)\\b",
              "\\b(?!Attachment|Request|Bandwidth|UserData)[A-Z]\\w*(?<!Request|Attachment)(Limits?|Quota)"
                  + "Exceeded(Exception)?\\b",
              "\\bSecurityGroupsPer\\w+LimitExceeded\\b",
              "\\bMax\\w+CountExceeded\\b",
              "there's too many attached",
              "exceed your \\w+( instance)? quota",
              "reached the limit on the number of",
              "maximum number of [^.]* has been reached"),
          new Signature(
              ReconcileCause.CREDENTIALS,
              "WebIdentityErr",
              "failed to (retrieve|refresh cached) credentials",
              "failed to load credentials",
              "error getting credentials",
              "ExpiredToken",
              "InvalidClientTokenId",
              "UnrecognizedClientException",
              "AuthFailure",
              "MissingAuthenticationToken",
              "SignatureDoesNotMatch",
              "eks-auth:AssumeRoleForPodIdentity",
              "AssumeRoleForPodIdentity",
              "AssumeRoleWithWebIdentity",
              // the Pod Identity agent of the node
              "//169\\.254\\.170\\.23",
              "//\\[fd00:ec2::23\\]"),
          new Signature(
              ReconcileCause.IAM,
              "AccessDenied",
              "UnauthorizedOperation",
              "not authorized to perform",
              "isn't authorized to call"),
          new Signature(
              ReconcileCause.SUBNET_EXHAUSTED,
              "Not enough IP space available",
              "insufficient free (IP )?addresses",
              "InsufficientFreeAddressesInSubnet",
              "not enough free (IP )?addresses",
              "requires at least \\d+ free IP addresses"),
          new Signature(
              ReconcileCause.ANNOTATION,
              "couldn't find all subnets",
              "subnet ID not found",
              "subnet with Name tag",
              "multiple subnets in same Availability Zone",
              "subnets in multiple locales",
              "couldn't find all security ?groups",
              "InvalidSubnetID\\.NotFound",
              "InvalidGroup(Id)?\\.(NotFound|Malformed)"),
          new Signature(
              ReconcileCause.OTHER,
              // a dual-stack load balancer in subnets without IPv6
              "do not have an associated IPv6 CIDR",
              // two writers, or a slow API server: not the fault of the object
              "the object has been modified",
              "unable to return a response in the time allotted",
              "unable to return a response in time",
              // Kubernetes RBAC, not IAM
              "is forbidden: User \"system:"),
          new Signature(
              ReconcileCause.SUBNET_DISCOVERY,
              "auto-discover subnets",
              "unable to (resolve|discover) at least one subnet",
              "subnets count less",
              "no subnets found",
              "could not find any suitable subnets"),
          new Signature(
              ReconcileCause.SG,
              "expect(ed)? exactly one securityGroup",
              "multiple tagged security groups found"),
          new Signature(
              ReconcileCause.LB_CERTIFICATE,
              "no certificate found for host",
              "CertificateNotFound",
              "UnsupportedCertificate",
              "certificate must be specified",
              "certificate '?arn:\\S+ (not found|is not valid)",
              "no hostnames found for TLS cert discovery",
              "failed to find (the )?certificate"),
          new Signature(
              ReconcileCause.ANNOTATION,
              "annotation",
              "ingress\\.kubernetes\\.io/",
              "(services?|backend|secrets?|IngressClass(Params)?|ingressgroup|GatewayClass"
                  + "|TargetGroupConfiguration|LoadBalancerConfiguration)\\b.*not found",
              "unable to find port",
              "missing \\S+ configuration",
              "TargetGroup port is empty",
              "service type must be either",
              "invalid ingress"),
          // the controller checks annotations, and words each complaint its own way
          new Signature(
              ReconcileCause.ANNOTATION,
              BUILDS_MODEL + "\\b(conflicting|missing) \\w+",
              BUILDS_MODEL + "\\bmust (be|not|have|match|consist|specify)\\b",
              BUILDS_MODEL + "\\b(can only|cannot) be\\b",
              BUILDS_MODEL + "\\b(is|are) (not|only) (supported|allowed)\\b",
              BUILDS_MODEL + "\\bdoes not support\\b",
              BUILDS_MODEL + "\\b(unsupported|invalid|unknown) \\w+",
              BUILDS_MODEL + "\\bfailed to (parse|merge|compute)\\b",
              BUILDS_MODEL + "\\bunable to (assign|parse)\\b",
              BUILDS_MODEL + "\\b(mismatch|either specify|cannot use)\\b",
              "\\b(ValidationError|InvalidConfigurationRequest|InvalidScheme)\\b"));

  private ReconcileErrorParser() {}

  /** The cause that comes first; {@link ReconcileCause#OTHER} for an unknown message. */
  static ReconcileCause parse(String whole) {
    var message = whole.length() > MAX_LENGTH ? whole.substring(0, MAX_LENGTH) : whole;
    return webhook(message)
        .or(() -> network(message))
        .or(() -> subnets(message))
        .orElseGet(() -> bySignature(message));
  }

  private static Optional<ReconcileCause> webhook(String message) {
    if (!matches(WEBHOOK_CALL, message)) {
      return Optional.empty();
    }
    if (matches(CERTIFICATE_ERROR, message)) {
      return Optional.of(ReconcileCause.WEBHOOK_CERTIFICATE);
    }
    return Optional.of(
        matches(NO_RESPONSE, message) ? ReconcileCause.WEBHOOK_UNREACHABLE : ReconcileCause.OTHER);
  }

  /** Whatever a client wanted, it got no response. */
  private static Optional<ReconcileCause> network(String message) {
    if (matches(LOOKUP, message)) {
      return Optional.of(
          matches(NO_SUCH_HOST, message) ? ReconcileCause.NAME_NOT_FOUND : ReconcileCause.DNS);
    }
    if (matches(NO_ROLE, message) || matches(NODE_ROLE, message)) {
      return Optional.of(ReconcileCause.CREDENTIALS);
    }
    if (matches(IMDS, message)) {
      return Optional.of(ReconcileCause.IMDS_UNREACHABLE);
    }
    return matches(AWS_API, message) && matches(CONNECTION_FAILED, message)
        ? Optional.of(ReconcileCause.AWS_API_UNREACHABLE)
        : Optional.empty();
  }

  private static Optional<ReconcileCause> subnets(String message) {
    var counts = EVALUATED_SUBNETS.matcher(message);
    if (!counts.find()) {
      return Optional.empty();
    }
    var otherClusters = count(counts, 2);
    var withoutAddresses = count(counts, 3);
    var withoutIpv6 = counts.group(4) == null ? 0 : count(counts, 4);
    if (otherClusters == 0 && withoutAddresses == 0 && withoutIpv6 > 0) {
      return Optional.of(ReconcileCause.OTHER); // tags are right: the text names what is missing
    }
    return Optional.of(
        withoutAddresses > 0 && withoutAddresses == count(counts, 1)
            ? ReconcileCause.SUBNET_EXHAUSTED
            : ReconcileCause.SUBNET_DISCOVERY);
  }

  private static ReconcileCause bySignature(String message) {
    return SIGNATURES.stream()
        .filter(signature -> matches(signature.pattern(), message))
        .map(Signature::cause)
        .findFirst()
        .orElse(ReconcileCause.OTHER);
  }

  private static int count(Matcher counts, int group) {
    var digits = counts.group(group);
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private static boolean matches(Pattern pattern, String message) {
    return pattern.matcher(message).find();
  }

  private static Pattern compile(String... alternatives) {
    return Pattern.compile(
        String.join("|", alternatives), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }
}
