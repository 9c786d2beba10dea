package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What the Kubernetes API serves, reduced to the fields that scenarios change. */
public sealed interface KubeResource extends Item {
  /** A status condition; {@code status} is {@code True}, {@code False} or {@code Unknown}. */
  record Condition(String type, String status, String reason, String message) {}

  /**
   * A node and its instance.
   *
   * @param computeType {@code ec2}, {@code fargate}, {@code auto} or {@code hybrid}
   * @param instanceId empty for Fargate
   * @param podSlots the node's pod capacity
   * @param ready if not, its CNI is not initialized where its pod {@code aws-node} is not ready
   *     either, and else its kubelet is silent; a condition {@code Ready} replaces that
   * @param cordoned whether an operator or an autoscaler took it out of service
   * @param labels in addition to the well-known labels, which every node has
   * @param conditions in addition to {@code Ready}
   */
  record Node(
      String name,
      String zone,
      String address,
      String subnetId,
      String instanceId,
      String instanceType,
      String computeType,
      int podSlots,
      boolean ready,
      boolean cordoned,
      Map<String, String> labels,
      List<Condition> conditions,
      Instant created)
      implements KubeResource {
    @Override
    public String key() {
      return name;
    }
  }

  /**
   * A pod.
   *
   * @param node empty while it is not scheduled
   * @param ip empty while it has no address
   * @param phase {@code Pending}, {@code Running}, {@code Succeeded} or {@code Failed}
   * @param conditions in addition to {@code Ready}; {@code PodScheduled} only when it is False
   * @param image of its container; empty: one of the private registry of the cluster's account
   * @param crash why its container does not run; by default it runs
   * @param program what listens at its address; by default nothing
   */
  record Pod(
      String namespace,
      String name,
      Map<String, String> labels,
      Map<String, String> annotations,
      String node,
      String ip,
      List<Pod.Port> ports,
      String phase,
      boolean ready,
      boolean hostNetwork,
      boolean terminating,
      String serviceAccount,
      String scheduler,
      List<Condition> conditions,
      String image,
      Crash crash,
      Map<String, String> env,
      Program program,
      Instant created)
      implements KubeResource {
    public Pod {
      crash = crash == null ? new Crash("", "", 0) : crash;
      program = program == null ? new Program(Program.Kind.NONE, false, "none", 0) : program;
    }

    /** A container port. */
    public record Port(String name, int port, String protocol) {}

    /** The reason of the waiting container, its last termination message and its restart count. */
    public record Crash(String reason, String words, int restarts) {}

    /**
     * The program that listens at the pod's address, and its fault by label.
     *
     * @param tls whether a web server expects TLS
     */
    public record Program(Kind kind, boolean tls, String fault, long delayMillis) {
      public Program {
        kind = kind == null ? Kind.NONE : kind;
        fault = fault.isEmpty() ? "none" : fault;
      }

      /** What the program is. */
      public enum Kind {
        /** Nothing listens. */
        NONE,
        /** {@link io.eksnet.lab.LabWebServer}. */
        WEB,
        /** CoreDNS. */
        DNS,
        /** A health endpoint. */
        HEALTH
      }
    }

    @Override
    public String key() {
      return namespace + "/" + name;
    }

    /** Whether it has all labels of the selector; an empty selector matches no pod. */
    public boolean matches(Map<String, String> selector) {
      return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
    }

    /** Whether a program of this kind listens at its address. */
    public boolean runs(Program.Kind kind) {
      return !ip.isEmpty() && phase.equals("Running") && program.kind() == kind;
    }

    /** Whether Services send traffic to it. */
    public boolean serves() {
      return ready && !terminating;
    }
  }

  /**
   * A Service; its endpoints are the pods that it selects.
   *
   * @param clusterIp {@code None} if it is headless
   * @param address the host name of its load balancer, or empty
   * @param externalTrafficPolicy {@code Local}: node ports lead to pods on the same node only
   * @param internalTrafficPolicy {@code Local}: so does its cluster IP
   */
  record KubeService(
      String namespace,
      String name,
      String type,
      String clusterIp,
      List<KubeService.Port> ports,
      Map<String, String> selector,
      Map<String, String> labels,
      Map<String, String> annotations,
      String address,
      String externalTrafficPolicy,
      String internalTrafficPolicy,
      Instant created)
      implements KubeResource {
    /** A Service port and its target port. */
    public record Port(String name, String protocol, int port, int target) {}

    @Override
    public String key() {
      return namespace + "/" + name;
    }

    /** The selected pods that have an address. */
    public List<Pod> backends(ClusterState state) {
      return state.all(Pod.class).stream()
          .filter(pod -> pod.namespace().equals(namespace) && pod.matches(selector))
          .filter(pod -> !pod.ip().isEmpty())
          .toList();
    }

    /** The ready pods that kube-proxy sends connections from a node to its cluster IP to. */
    public List<Pod> backendsFrom(String node, ClusterState state) {
      return backends(state).stream()
          .filter(Pod::serves)
          .filter(pod -> !internalTrafficPolicy.equals("Local") || pod.node().equals(node))
          .toList();
    }
  }

  /**
   * An Ingress.
   *
   * @param className empty if it has none
   * @param address the host name in its status, or empty
   */
  record Ingress(
      String namespace,
      String name,
      String className,
      Map<String, String> annotations,
      List<Rule> rules,
      String address,
      Instant created)
      implements KubeResource {
    /** Routes a host and a path prefix to a Service port. */
    public record Rule(String host, String path, String service, int port) {}

    @Override
    public String key() {
      return namespace + "/" + name;
    }
  }

  /**
   * A TargetGroupBinding.
   *
   * @param apiVersion {@code elbv2.k8s.aws/v1beta1}, or {@code eks.amazonaws.com/v1} of Auto Mode
   * @param groupId the security group that it admits, or empty
   * @param role the role of another account, or empty
   */
  record Binding(
      String apiVersion,
      String namespace,
      String name,
      String targetGroupArn,
      String targetType,
      String service,
      int port,
      String groupId,
      String role,
      Instant created)
      implements KubeResource {
    @Override
    public String key() {
      return namespace + "/" + name;
    }
  }

  /**
   * A Deployment or a DaemonSet; its pods are the pods that it selects.
   *
   * @param env the environment of its container
   * @param args the arguments of its container
   */
  record Workload(
      String kind,
      String namespace,
      String name,
      Map<String, String> selector,
      String serviceAccount,
      Map<String, String> env,
      List<String> args,
      int desired,
      Instant created)
      implements KubeResource {
    @Override
    public String key() {
      return namespace + "/" + name;
    }
  }

  /**
   * An event.
   *
   * @param about the involved object, as {@code Kind namespace/name} or {@code Kind name}
   * @param source the reporting component
   * @param host the reporting node, or empty
   */
  record KubeEvent(
      String name,
      String about,
      String type,
      String reason,
      String message,
      String source,
      String host,
      int count,
      Instant first,
      Instant last)
      implements KubeResource {
    @Override
    public String key() {
      return namespace() + "/" + name;
    }

    /** The kind of the involved object. */
    public String kind() {
      return about.substring(0, about.indexOf(' '));
    }

    /** The namespace of the involved object, {@code default} for cluster-scoped objects. */
    public String namespace() {
      int slash = about.indexOf('/');
      return slash < 0 ? "default" : about.substring(about.indexOf(' ') + 1, slash);
    }

    /** The name of the involved object. */
    public String object() {
      return about.substring(Math.max(about.indexOf('/'), about.indexOf(' ')) + 1);
    }
  }

  /**
   * Any other Kubernetes object.
   *
   * @param key {@code Kind namespace/name} or {@code Kind name}
   */
  record KubeObject(String key, String yaml) implements KubeResource {}

  /** A custom resource definition. */
  record Crd(String apiVersion, String kind, String plural, boolean namespaced)
      implements KubeResource {
    @Override
    public String key() {
      return plural + "." + apiVersion;
    }

    /** The API group. */
    public String group() {
      return apiVersion.substring(0, apiVersion.indexOf('/'));
    }

    /** The version within the group. */
    public String version() {
      return apiVersion.substring(apiVersion.indexOf('/') + 1);
    }
  }
}
