package io.eksnet.lab.kube;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Pod;
import io.eksnet.lab.cluster.Workload;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Deployments and DaemonSets as the API server shows them; their status is that of their pods. */
final class WorkloadObjects {
  private WorkloadObjects() {}

  static HasMetadata of(Workload workload, ClusterState state) {
    var pods =
        state.all(Pod.class).stream()
            .filter(pod -> pod.namespace().equals(workload.namespace()))
            .filter(pod -> pod.matches(workload.selector()))
            .toList();
    int ready = (int) pods.stream().filter(Pod::ready).count();
    return workload.kind().equals("DaemonSet")
        ? daemonSet(workload, pods.size(), ready)
        : deployment(workload, pods.size(), ready);
  }

  private static HasMetadata daemonSet(Workload workload, int current, int ready) {
    return new DaemonSetBuilder()
        .withMetadata(
            KubeObjects.meta(
                "DaemonSet",
                workload.namespace(),
                workload.name(),
                workload.selector(),
                workload.created()))
        .withNewSpec()
        .withSelector(selector(workload))
        .withTemplate(template(workload))
        .endSpec()
        .withNewStatus()
        .withDesiredNumberScheduled(workload.desired())
        .withCurrentNumberScheduled(current)
        .withNumberReady(ready)
        .withNumberAvailable(ready)
        .withNumberUnavailable(workload.desired() - ready)
        .withNumberMisscheduled(0)
        .withUpdatedNumberScheduled(current)
        .endStatus()
        .build();
  }

  private static HasMetadata deployment(Workload workload, int current, int ready) {
    return new DeploymentBuilder()
        .withMetadata(
            KubeObjects.meta(
                "Deployment",
                workload.namespace(),
                workload.name(),
                workload.selector(),
                workload.created()))
        .withNewSpec()
        .withReplicas(workload.desired())
        .withSelector(selector(workload))
        .withTemplate(template(workload))
        .endSpec()
        .withNewStatus()
        .withReplicas(current)
        .withReadyReplicas(ready)
        .withAvailableReplicas(ready)
        .withUnavailableReplicas(workload.desired() - ready)
        .withUpdatedReplicas(current)
        .endStatus()
        .build();
  }

  private static LabelSelector selector(Workload workload) {
    return new LabelSelectorBuilder().withMatchLabels(workload.selector()).build();
  }

  private static PodTemplateSpec template(Workload workload) {
    List<EnvVar> env =
        new TreeMap<>(workload.env())
            .entrySet().stream()
                .map((Map.Entry<String, String> e) -> new EnvVar(e.getKey(), e.getValue(), null))
                .toList();
    return new PodTemplateSpecBuilder()
        .withNewMetadata()
        .withLabels(workload.selector())
        .endMetadata()
        .withNewSpec()
        .withServiceAccountName(workload.serviceAccount())
        .addNewContainer()
        .withName(workload.name())
        .withEnv(env)
        .endContainer()
        .endSpec()
        .build();
  }
}
