package io.eksnet.diagnosis;

import io.eksnet.model.diagnosis.Finding;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.model.inventory.Component;
import io.eksnet.model.inventory.CredentialSource;
import io.eksnet.model.inventory.PodIdentityAssociation;
import io.eksnet.model.inventory.Reconcile;
import io.eksnet.model.inventory.ReconcileCause;
import io.eksnet.model.inventory.Resources;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * R19, R53, R57, R58: a component gets no AWS credentials, or cannot reach the instance metadata.
 *
 * <p>What its pods carry decides: it was injected when they were created, while service accounts
 * and associations are read every few minutes and may have changed since.
 */
final class ComponentCredentials implements DiagnosisRule {
  private static final String LB_CONTROLLER = "aws-load-balancer-controller";

  /** Components that need a role of their own; others use the role of their node by default. */
  private static final Set<String> NEED_ROLE = Set.of(LB_CONTROLLER, "karpenter", "external-dns");

  private static final Set<ReconcileCause> WITHOUT_CREDENTIALS =
      EnumSet.of(
          ReconcileCause.CREDENTIALS,
          ReconcileCause.CREDENTIALS_TRUST_POLICY,
          ReconcileCause.IMDS_UNREACHABLE);

  /** A crash loop without a message may have another reason, which then shows within minutes. */
  private static final Duration CRASH = Duration.ofMinutes(2);

  /** An observation that a component has no credentials. */
  private record Symptom(ReconcileCause cause, String message) {}

  @Override
  public Stream<Finding> apply(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .flatMap(component -> find(component, evidence).stream())
        .map(Finding.Builder::build);
  }

  /** The errors of the load balancer controller that a finding about its credentials explains. */
  static Set<ReconcileCause> explained(EvidenceIndex evidence) {
    return evidence.list(Resources.COMPONENTS).stream()
        .filter(component -> component.name().equals(LB_CONTROLLER))
        .filter(component -> find(component, evidence).isPresent())
        .findFirst()
        .map(component -> WITHOUT_CREDENTIALS)
        .orElse(Set.of());
  }

  private static Optional<Finding.Builder> find(Component component, EvidenceIndex evidence) {
    var symptom = symptom(component, evidence);
    if (symptom.filter(s -> s.cause() == ReconcileCause.CREDENTIALS_TRUST_POLICY).isPresent()) {
      return symptom.map(s -> trustPolicy(component, s, evidence));
    }
    if (component.credentials().contains(CredentialSource.NONE)) {
      return isDeclared(component, evidence)
          ? notInjected(component, symptom, evidence)
          : withoutRole(component, symptom, evidence);
    }
    if (component.credentials().equals(Set.of(CredentialSource.POD_IDENTITY))
        && hasNoRole(component, evidence)) {
      return withoutRole(component, symptom, evidence);
    }
    return symptom
        .filter(s -> s.cause() == ReconcileCause.IMDS_UNREACHABLE)
        .filter(s -> !component.credentials().isEmpty())
        .map(s -> imdsUnreachable(component, s, evidence));
  }

  /** What its pods or the events of its objects report; pods stay ready without credentials. */
  private static Optional<Symptom> symptom(Component component, EvidenceIndex evidence) {
    if (component.isUnhealthy() && WITHOUT_CREDENTIALS.contains(component.cause())) {
      return Optional.of(new Symptom(component.cause(), component.message()));
    }
    if (!component.name().equals(LB_CONTROLLER)) {
      return Optional.empty();
    }
    return Stream.concat(
            evidence.list(Resources.INGRESSES).stream().flatMap(one -> one.reconcile().stream()),
            evidence.list(Resources.TARGET_GROUP_BINDINGS).stream()
                .flatMap(one -> one.reconcile().stream()))
        .filter(Reconcile::failing)
        .filter(last -> WITHOUT_CREDENTIALS.contains(last.cause()))
        .map(last -> new Symptom(last.cause(), last.message()))
        .findFirst();
  }

  private static Finding.Builder trustPolicy(
      Component component, Symptom symptom, EvidenceIndex evidence) {
    var role = component.role().filter(arn -> !arn.isEmpty());
    return Finding.builder(RootCause.CREDENTIALS_TRUST_POLICY, scope(component), 90)
        .evidence("%s: \"%s\"".formatted(component.name(), symptom.message()))
        .evidenceIf(
            role.isPresent(),
            "service account %s/%s has the role %s"
                .formatted(
                    component.namespace(), component.serviceAccount(), role.orElse("unknown")))
        .supportedBy(evidence.inventory(), Resources.COMPONENTS)
        .excludes("not the network: STS or EKS Auth answers")
        .excludes("not a missing permission: the role was not assumed")
        .fix(
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            "with IRSA: trust the IAM OIDC provider of this cluster, with the subject"
                + " system:serviceaccount:%s:%s and the audience sts.amazonaws.com"
                    .formatted(component.namespace(), component.serviceAccount()),
            "with Pod Identity: trust pods.eks.amazonaws.com with sts:AssumeRole and"
                + " sts:TagSession",
            "if IAM has no OIDC provider for the issuer of this cluster, create it");
  }

  private static Finding.Builder imdsUnreachable(
      Component component, Symptom symptom, EvidenceIndex evidence) {
    return Finding.builder(RootCause.IMDS_UNREACHABLE, scope(component), 90)
        .evidence("%s: \"%s\"".formatted(component.name(), symptom.message()))
        .evidence("its pods carry credentials, so they need IMDS for the Region or the VPC only")
        .supportedBy(evidence.inventory(), Resources.COMPONENTS)
        .excludes("not credentials: %s is injected".formatted(carried(component)))
        .fix(
            component.name().equals(LB_CONTROLLER)
                ? "set --aws-region and --aws-vpc-id of the controller (chart values region, vpcId)"
                : "set AWS_REGION in its environment",
            "or raise the hop limit of the instance metadata of its nodes to 2");
  }

  /** It has a role now, and its pods are older than that. */
  private static Optional<Finding.Builder> notInjected(
      Component component, Optional<Symptom> symptom, EvidenceIndex evidence) {
    if (symptom.isEmpty() && !crashesSilently(component)) {
      return Optional.empty();
    }
    return Optional.of(
        Finding.builder(
                RootCause.CREDENTIALS_NOT_ASSOCIATED,
                scope(component),
                symptom.isPresent() ? 90 : 85)
            .evidence(text(component, symptom))
            .evidence(
                "service account %s/%s has a role, and its pods were created without it"
                    .formatted(component.namespace(), component.serviceAccount()))
            .supportedBy(evidence.inventory(), Resources.COMPONENTS)
            .excludes("not the association or the annotation: it exists")
            .fix(
                "restart its pods: credentials are injected only when a pod is created",
                "if that does not help, check that the webhook pod-identity-webhook exists"));
  }

  private static Optional<Finding.Builder> withoutRole(
      Component component, Optional<Symptom> symptom, EvidenceIndex evidence) {
    var known = hasNoRole(component, evidence);
    var elsewhere = otherNamespace(component, evidence);
    if (!known) {
      // Karpenter reads the Region from IMDS only where nothing was injected (pkg/operator).
      return symptom
          .filter(s -> s.cause() == ReconcileCause.IMDS_UNREACHABLE)
          .map(s -> withoutRole(component, symptom, 90, elsewhere, evidence));
    }
    if (symptom.isPresent()) {
      return Optional.of(withoutRole(component, symptom, 95, elsewhere, evidence));
    }
    return crashesSilently(component)
        ? Optional.of(
            withoutRole(component, symptom, elsewhere.isPresent() ? 85 : 75, elsewhere, evidence)
                .holdFor(elsewhere.isPresent() ? Duration.ZERO : CRASH))
        : Optional.empty();
  }

  private static Finding.Builder withoutRole(
      Component component,
      Optional<Symptom> symptom,
      int percent,
      Optional<String> elsewhere,
      EvidenceIndex evidence) {
    var sts = evidence.sts().all();
    var known = hasNoRole(component, evidence);
    return Finding.builder(RootCause.CREDENTIALS_NOT_ASSOCIATED, scope(component), percent)
        .evidence(text(component, symptom))
        .evidenceIf(
            known,
            "service account %s/%s has no role annotation and no Pod Identity association"
                .formatted(component.namespace(), component.serviceAccount()))
        .evidence("its pods carry %s".formatted(carried(component)))
        .evidenceIf(
            elsewhere.isPresent(),
            "an association for %s exists in the namespace %s"
                .formatted(component.serviceAccount(), elsewhere.orElse("")))
        .supportedBy(evidence.inventory(), Resources.COMPONENTS)
        .supportedIf(
            !known || evidence.inventory().snapshot(Resources.POD_IDENTITY_ASSOCIATIONS).fresh())
        .excludesIf(
            sts.allHealthy(), "not the network: %d nodes reach STS".formatted(sts.nodes().size()))
        .fix(
            "create a Pod Identity association for namespace %s and service account %s: %s"
                .formatted(
                    component.namespace(),
                    component.serviceAccount(),
                    AwsCommand.of(evidence.inventory())
                        .ofCluster(
                            "create-pod-identity-association",
                            "--namespace %s --service-account %s --role-arn ROLE_ARN"
                                .formatted(component.namespace(), component.serviceAccount()))),
            "restart its pods: credentials are injected only when a pod is created");
  }

  /**
   * Whether a component that needs a role crashes without a message. Most containers write their
   * errors to the log only, which eksnet does not read.
   */
  private static boolean crashesSilently(Component component) {
    return component.crashLoop()
        && component.cause() == ReconcileCause.OTHER
        && NEED_ROLE.contains(component.name());
  }

  private static String text(Component component, Optional<Symptom> symptom) {
    return symptom
        .map(s -> "%s has no AWS credentials: \"%s\"".formatted(component.name(), s.message()))
        .orElseGet(
            () ->
                "%s is in CrashLoopBackOff: \"%s\""
                    .formatted(component.name(), component.message()));
  }

  private static String carried(Component component) {
    var carried =
        component.credentials().stream()
            .filter(source -> source != CredentialSource.NONE)
            .map(CredentialSource::label)
            .sorted()
            .toList();
    return carried.isEmpty() ? "no credentials" : String.join(" or ", carried);
  }

  private static String scope(Component component) {
    return "component/" + component.name();
  }

  /** Whether its service account has a role, by annotation or association. */
  private static boolean isDeclared(Component component, EvidenceIndex evidence) {
    return component.role().filter(role -> !role.isEmpty()).isPresent()
        || evidence.list(Resources.POD_IDENTITY_ASSOCIATIONS).stream()
            .anyMatch(association -> isFor(component, association));
  }

  /** Whether its service account is known to have no role; false if that is unknown. */
  private static boolean hasNoRole(Component component, EvidenceIndex evidence) {
    Optional<List<PodIdentityAssociation>> associations =
        evidence.inventory().get(Resources.POD_IDENTITY_ASSOCIATIONS);
    return component.role().filter(String::isEmpty).isPresent()
        && associations
            .filter(all -> all.stream().noneMatch(association -> isFor(component, association)))
            .isPresent();
  }

  private static boolean isFor(Component component, PodIdentityAssociation association) {
    return association.namespace().equals(component.namespace())
        && association.serviceAccount().equals(component.serviceAccount());
  }

  /** Another namespace with an association for a service account of this name. */
  private static Optional<String> otherNamespace(Component component, EvidenceIndex evidence) {
    return evidence.list(Resources.POD_IDENTITY_ASSOCIATIONS).stream()
        .filter(association -> association.serviceAccount().equals(component.serviceAccount()))
        .map(PodIdentityAssociation::namespace)
        .filter(namespace -> !namespace.equals(component.namespace()))
        .findFirst();
  }
}
