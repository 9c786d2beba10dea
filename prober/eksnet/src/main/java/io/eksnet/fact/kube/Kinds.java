package io.eksnet.fact.kube;

import io.eksnet.core.inventory.EniConfig;
import io.eksnet.core.inventory.KubeIngress;
import io.eksnet.core.inventory.KubeNode;
import io.eksnet.core.inventory.NodeClass;
import io.eksnet.core.inventory.SecurityGroupPolicy;
import io.eksnet.core.inventory.TargetGroupBinding;
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
final class Kinds {
  private static final String ELB = "elbv2.k8s.aws";
  private static final String AUTO = "eks.amazonaws.com";

  static final Kind<Pod, SeenPod> PODS = Kind.of(Pod.class, Pod::new, PodTrim::of);
  static final Kind<Node, KubeNode> NODES = Kind.of(Node.class, Node::new, NodeTrim::of);
  static final Kind<Service, SeenService> SERVICES =
      Kind.of(Service.class, Service::new, SeenService::of);
  static final Kind<EndpointSlice, SeenSlice> SLICES =
      Kind.of(EndpointSlice.class, EndpointSlice::new, SeenSlice::of);
  static final Kind<Ingress, KubeIngress> INGRESSES =
      Kind.of(Ingress.class, Ingress::new, IngressTrim::of);
  static final Kind<IngressClass, SeenClass> INGRESS_CLASSES =
      Kind.of(IngressClass.class, IngressClass::new, SeenClass::of);

  /** The core API's, which shows the events of {@code events.k8s.io} too. */
  static final Kind<Event, SeenEvent> EVENTS = Kind.of(Event.class, Event::new, SeenEvent::of);

  static final Kind<Deployment, SeenDeployment> DEPLOYMENTS =
      Kind.of(Deployment.class, Deployment::new, SeenDeployment::of);
  static final Kind<DaemonSet, SeenWorkload> DAEMON_SETS =
      Kind.of(DaemonSet.class, DaemonSet::new, SeenWorkload::of);

  static final Kind<GenericKubernetesResource, TargetGroupBinding> BINDINGS =
      Kind.custom(
          ELB,
          "v1beta1",
          "TargetGroupBinding",
          "targetgroupbindings",
          true,
          CustomTrim::targetGroupBinding);
  static final Kind<GenericKubernetesResource, TargetGroupBinding> AUTO_BINDINGS =
      Kind.custom(
          AUTO,
          "v1",
          "TargetGroupBinding",
          "targetgroupbindings",
          true,
          CustomTrim::targetGroupBinding);
  static final Kind<GenericKubernetesResource, SeenClass.Parameters> CLASS_PARAMETERS =
      Kind.custom(
          ELB,
          "v1beta1",
          "IngressClassParams",
          "ingressclassparams",
          false,
          SeenClass.Parameters::of);
  static final Kind<GenericKubernetesResource, SeenClass.Parameters> AUTO_CLASS_PARAMETERS =
      Kind.custom(
          AUTO, "v1", "IngressClassParams", "ingressclassparams", false, SeenClass.Parameters::of);
  static final Kind<GenericKubernetesResource, NodeClass> KARPENTER_CLASSES =
      Kind.custom(
          "karpenter.k8s.aws",
          "v1",
          "EC2NodeClass",
          "ec2nodeclasses",
          false,
          CustomTrim::nodeClass);
  static final Kind<GenericKubernetesResource, NodeClass> AUTO_CLASSES =
      Kind.custom(AUTO, "v1", "NodeClass", "nodeclasses", false, CustomTrim::nodeClass);
  static final Kind<GenericKubernetesResource, EniConfig> ENI_CONFIGS =
      Kind.custom(
          "crd.k8s.amazonaws.com",
          "v1alpha1",
          "ENIConfig",
          "eniconfigs",
          false,
          CustomTrim::eniConfig);
  static final Kind<GenericKubernetesResource, SecurityGroupPolicy> POLICIES =
      Kind.custom(
          "vpcresources.k8s.aws",
          "v1beta1",
          "SecurityGroupPolicy",
          "securitygrouppolicies",
          true,
          CustomTrim::securityGroupPolicy);

  private Kinds() {}
}
