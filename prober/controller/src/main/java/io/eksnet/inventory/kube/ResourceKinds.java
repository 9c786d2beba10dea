package io.eksnet.inventory.kube;

import io.eksnet.inventory.kube.ExtensionSources.CachedWebhooks;
import io.eksnet.inventory.kube.GatewayObjects.CachedGateway;
import io.eksnet.inventory.kube.GatewayObjects.LbConfiguration;
import io.eksnet.inventory.kube.PolicySources.CachedNamespace;
import io.eksnet.inventory.kube.ResourceKind.Exclusion;
import io.eksnet.model.inventory.AggregatedApi;
import io.eksnet.model.inventory.EniConfig;
import io.eksnet.model.inventory.GatewayClass;
import io.eksnet.model.inventory.GatewayRoute;
import io.eksnet.model.inventory.NodeClaim;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.NodePool;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.eksnet.model.policy.NetworkPolicy;
import io.fabric8.kubernetes.api.model.APIService;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;
import java.util.List;

/**
 * The kinds that are watched: API, transform and selector. A new watch takes a line here, a record
 * of what is kept, and a source in {@link KubeSources}; its permission follows from the line.
 */
final class ResourceKinds {
  private static final String LBC = "elbv2.k8s.aws/v1beta1";
  private static final String KARPENTER = "karpenter.sh/v1";
  private static final String AUTO_MODE = "eks.amazonaws.com/v1";
  private static final String GATEWAY_API = "gateway.networking.k8s.io/";

  static final ResourceKind<Pod, CachedPod> PODS =
      ResourceKind.of(
          Pod.class, CachedPod::of, new Exclusion("status.phase", List.of("Succeeded", "Failed")));
  static final ResourceKind<Node, CachedNode> NODES = ResourceKind.of(Node.class, CachedNode::of);
  static final ResourceKind<Service, CachedService> SERVICES =
      ResourceKind.of(Service.class, CachedService::of);
  static final ResourceKind<EndpointSlice, CachedEndpointSlice> ENDPOINT_SLICES =
      ResourceKind.of(EndpointSlice.class, CachedEndpointSlice::of);
  static final ResourceKind<Ingress, CachedIngress> INGRESSES =
      ResourceKind.of(Ingress.class, CachedIngress::of);
  static final ResourceKind<IngressClass, CachedIngressClass> INGRESS_CLASSES =
      ResourceKind.of(IngressClass.class, CachedIngressClass::of);

  /**
   * The core API also returns the events of {@code events.k8s.io}. One watch for all, as the API
   * server reads each event from etcd for each watch of events. A field selector has no OR, so the
   * kinds and reasons that are most of a cluster's events are excluded. {@link CachedEvent} drops
   * the rest.
   */
  static final ResourceKind<Event, CachedEvent> EVENTS =
      ResourceKind.of(
              Event.class,
              CachedEvent::of,
              new Exclusion(
                  "involvedObject.kind",
                  List.of(
                      "Node",
                      "ReplicaSet",
                      "Deployment",
                      "StatefulSet",
                      "DaemonSet",
                      "Job",
                      "CronJob",
                      "HorizontalPodAutoscaler",
                      "PodDisruptionBudget",
                      "PersistentVolumeClaim",
                      "Lease",
                      "Endpoints",
                      // Karpenter
                      "NodeClaim",
                      "NodePool",
                      // cert-manager, External Secrets, Argo, Flux, KEDA
                      "Certificate",
                      "CertificateRequest",
                      "ExternalSecret",
                      "Application",
                      "Workflow",
                      "Rollout",
                      "Kustomization",
                      "HelmRelease",
                      "GitRepository",
                      "ScaledObject")),
              new Exclusion(
                  "reason",
                  List.of(
                      "Scheduled",
                      "FailedScheduling",
                      "Nominated",
                      "TriggeredScaleUp",
                      "NotTriggerScaleUp",
                      "Pulling",
                      "Pulled",
                      "Created",
                      "Started",
                      "Killing",
                      "Failed",
                      "BackOff",
                      "Unhealthy",
                      "FailedMount",
                      "SuccessfulAttachVolume",
                      "TaintManagerEviction")))
          .withoutBookmarks();

  static final ResourceKind<Deployment, CachedDeployment> DEPLOYMENTS =
      ResourceKind.of(Deployment.class, CachedDeployment::of);
  static final ResourceKind<DaemonSet, CachedWorkload> DAEMON_SETS =
      ResourceKind.of(DaemonSet.class, CachedWorkload::of);
  static final ResourceKind<Namespace, CachedNamespace> NAMESPACES =
      ResourceKind.of(Namespace.class, CachedNamespace::of);
  static final ResourceKind<
          io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy, NetworkPolicy>
      NETWORK_POLICIES =
          ResourceKind.of(
              io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy.class,
              PolicySources::policy);
  static final ResourceKind<ValidatingWebhookConfiguration, CachedWebhooks> VALIDATING_WEBHOOKS =
      ResourceKind.of(ValidatingWebhookConfiguration.class, CachedWebhooks::of);
  static final ResourceKind<MutatingWebhookConfiguration, CachedWebhooks> MUTATING_WEBHOOKS =
      ResourceKind.of(MutatingWebhookConfiguration.class, CachedWebhooks::of);
  static final ResourceKind<APIService, AggregatedApi> API_SERVICES =
      ResourceKind.of(APIService.class, ExtensionSources::aggregatedApi);

  static final ResourceKind<GenericKubernetesResource, TargetGroupBinding> TARGET_GROUP_BINDINGS =
      ResourceKind.custom(LBC, "targetgroupbindings", CustomResources::targetGroupBinding);
  static final ResourceKind<GenericKubernetesResource, TargetGroupBinding>
      AUTO_TARGET_GROUP_BINDINGS =
          ResourceKind.custom(
              AUTO_MODE, "targetgroupbindings", CustomResources::targetGroupBinding);
  static final ResourceKind<GenericKubernetesResource, CachedIngressClass.Parameters>
      INGRESS_CLASS_PARAMS =
          ResourceKind.custom(LBC, "ingressclassparams", CachedIngressClass.Parameters::of);
  static final ResourceKind<GenericKubernetesResource, CachedIngressClass.Parameters>
      AUTO_INGRESS_CLASS_PARAMS =
          ResourceKind.custom(AUTO_MODE, "ingressclassparams", CachedIngressClass.Parameters::of);
  static final ResourceKind<GenericKubernetesResource, GatewayClass> GATEWAY_CLASSES =
      ResourceKind.custom(GATEWAY_API + "v1", "gatewayclasses", GatewayObjects::gatewayClass);
  static final ResourceKind<GenericKubernetesResource, CachedGateway> GATEWAYS =
      ResourceKind.custom(GATEWAY_API + "v1", "gateways", GatewayObjects::gateway);
  static final ResourceKind<GenericKubernetesResource, GatewayRoute> HTTP_ROUTES =
      ResourceKind.custom(GATEWAY_API + "v1", "httproutes", GatewayRouteObjects.of("HTTPRoute"));
  static final ResourceKind<GenericKubernetesResource, GatewayRoute> GRPC_ROUTES =
      ResourceKind.custom(GATEWAY_API + "v1", "grpcroutes", GatewayRouteObjects.of("GRPCRoute"));

  /** Served since version 1.6 of the Gateway API, which no longer serves v1alpha2. */
  static final ResourceKind<GenericKubernetesResource, GatewayRoute> TCP_ROUTES =
      ResourceKind.custom(GATEWAY_API + "v1", "tcproutes", GatewayRouteObjects.of("TCPRoute"));

  static final ResourceKind<GenericKubernetesResource, GatewayRoute> OLD_TCP_ROUTES =
      ResourceKind.custom(
          GATEWAY_API + "v1alpha2", "tcproutes", GatewayRouteObjects.of("TCPRoute"));

  /** Served since version 1.5 of the Gateway API. */
  static final ResourceKind<GenericKubernetesResource, GatewayRoute> TLS_ROUTES =
      ResourceKind.custom(GATEWAY_API + "v1", "tlsroutes", GatewayRouteObjects.of("TLSRoute"));

  static final ResourceKind<GenericKubernetesResource, GatewayRoute> OLD_TLS_ROUTES =
      ResourceKind.custom(
          GATEWAY_API + "v1alpha2", "tlsroutes", GatewayRouteObjects.of("TLSRoute"));

  static final ResourceKind<GenericKubernetesResource, LbConfiguration> LB_CONFIGURATIONS =
      ResourceKind.custom(
          "gateway.k8s.aws/v1", "loadbalancerconfigurations", GatewayObjects::configuration);

  /** Of the AWS Load Balancer Controller before version 3. */
  static final ResourceKind<GenericKubernetesResource, LbConfiguration> OLD_LB_CONFIGURATIONS =
      ResourceKind.custom(
          "gateway.k8s.aws/v1beta1", "loadbalancerconfigurations", GatewayObjects::configuration);

  static final ResourceKind<GenericKubernetesResource, NodeClass> KARPENTER_NODE_CLASSES =
      ResourceKind.custom("karpenter.k8s.aws/v1", "ec2nodeclasses", CustomResources::nodeClass);
  static final ResourceKind<GenericKubernetesResource, NodeClass> AUTO_NODE_CLASSES =
      ResourceKind.custom(AUTO_MODE, "nodeclasses", CustomResources::nodeClass);
  static final ResourceKind<GenericKubernetesResource, NodePool> NODE_POOLS =
      ResourceKind.custom(KARPENTER, "nodepools", CustomResources::nodePool);
  static final ResourceKind<GenericKubernetesResource, NodeClaim> NODE_CLAIMS =
      ResourceKind.custom(KARPENTER, "nodeclaims", NodeClaimParser::parse);
  static final ResourceKind<GenericKubernetesResource, EniConfig> ENI_CONFIGS =
      ResourceKind.custom(
          "crd.k8s.amazonaws.com/v1alpha1", "eniconfigs", CustomResources::eniConfig);

  /** Watched only if the settings name namespaces. */
  static final ResourceKind<GenericKubernetesResource, CachedProbe> PROBES =
      ResourceKind.custom("monitoring.coreos.com/v1", "probes", CachedProbe::of);

  private ResourceKinds() {}
}
