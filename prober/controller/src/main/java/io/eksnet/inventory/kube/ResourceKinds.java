package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.EniConfig;
import io.eksnet.model.inventory.KubeIngress;
import io.eksnet.model.inventory.KubeNode;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.SecurityGroupPolicy;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressClass;

/** The kinds that are watched, one informer each. */
final class ResourceKinds {
  private static final String ELB = "elbv2.k8s.aws";
  private static final String AUTO = "eks.amazonaws.com";

  static final ResourceKind<Pod, CachedPod> PODS =
      ResourceKind.of(Pod.class, Pod::new, PodTransform::of);
  static final ResourceKind<Node, KubeNode> NODES =
      ResourceKind.of(Node.class, Node::new, NodeTransform::of);
  static final ResourceKind<Service, CachedService> SERVICES =
      ResourceKind.of(Service.class, Service::new, CachedService::of);
  static final ResourceKind<EndpointSlice, CachedEndpointSlice> SLICES =
      ResourceKind.of(EndpointSlice.class, EndpointSlice::new, CachedEndpointSlice::of);
  static final ResourceKind<Ingress, KubeIngress> INGRESSES =
      ResourceKind.of(Ingress.class, Ingress::new, IngressTransform::of);
  static final ResourceKind<IngressClass, CachedIngressClass> INGRESS_CLASSES =
      ResourceKind.of(IngressClass.class, IngressClass::new, CachedIngressClass::of);

  /** The core API's, which shows the events of {@code events.k8s.io} too. */
  static final ResourceKind<Event, CachedEvent> EVENTS =
      ResourceKind.of(Event.class, Event::new, CachedEvent::of);

  static final ResourceKind<Deployment, CachedDeployment> DEPLOYMENTS =
      ResourceKind.of(Deployment.class, Deployment::new, CachedDeployment::of);
  static final ResourceKind<DaemonSet, CachedWorkload> DAEMON_SETS =
      ResourceKind.of(DaemonSet.class, DaemonSet::new, CachedWorkload::of);

  static final ResourceKind<GenericKubernetesResource, TargetGroupBinding> BINDINGS =
      ResourceKind.custom(
          ELB,
          "v1beta1",
          "TargetGroupBinding",
          "targetgroupbindings",
          true,
          CustomResourceTransform::targetGroupBinding);
  static final ResourceKind<GenericKubernetesResource, TargetGroupBinding> AUTO_BINDINGS =
      ResourceKind.custom(
          AUTO,
          "v1",
          "TargetGroupBinding",
          "targetgroupbindings",
          true,
          CustomResourceTransform::targetGroupBinding);
  static final ResourceKind<GenericKubernetesResource, CachedIngressClass.Parameters>
      CLASS_PARAMETERS =
          ResourceKind.custom(
              ELB,
              "v1beta1",
              "IngressClassParams",
              "ingressclassparams",
              false,
              CachedIngressClass.Parameters::of);
  static final ResourceKind<GenericKubernetesResource, CachedIngressClass.Parameters>
      AUTO_CLASS_PARAMETERS =
          ResourceKind.custom(
              AUTO,
              "v1",
              "IngressClassParams",
              "ingressclassparams",
              false,
              CachedIngressClass.Parameters::of);
  static final ResourceKind<GenericKubernetesResource, NodeClass> KARPENTER_CLASSES =
      ResourceKind.custom(
          "karpenter.k8s.aws",
          "v1",
          "EC2NodeClass",
          "ec2nodeclasses",
          false,
          CustomResourceTransform::nodeClass);
  static final ResourceKind<GenericKubernetesResource, NodeClass> AUTO_CLASSES =
      ResourceKind.custom(
          AUTO, "v1", "NodeClass", "nodeclasses", false, CustomResourceTransform::nodeClass);
  static final ResourceKind<GenericKubernetesResource, EniConfig> ENI_CONFIGS =
      ResourceKind.custom(
          "crd.k8s.amazonaws.com",
          "v1alpha1",
          "ENIConfig",
          "eniconfigs",
          false,
          CustomResourceTransform::eniConfig);
  static final ResourceKind<GenericKubernetesResource, SecurityGroupPolicy> POLICIES =
      ResourceKind.custom(
          "vpcresources.k8s.aws",
          "v1beta1",
          "SecurityGroupPolicy",
          "securitygrouppolicies",
          true,
          CustomResourceTransform::securityGroupPolicy);

  private ResourceKinds() {}
}
