package io.eksnet.model.inventory;

import java.util.List;
import java.util.Map;

/**
 * A Probe resource of the Prometheus Operator ({@code monitoring.coreos.com/v1}) with its targets.
 *
 * @param module as written; empty: none
 * @param interval as written, such as {@code 30s}; empty: none
 * @param timeout its scrape timeout as written; empty: none
 * @param labels of all of its targets
 * @param targets static ones as written, or the URLs of the rules of the selected Ingresses
 * @param refusals fields that cannot be expressed; if there are any, the Probe is not probed
 * @param omissions targets that are left out; the others are probed
 */
public record KubeProbe(
    String namespace,
    String name,
    String module,
    String interval,
    String timeout,
    Map<String, String> labels,
    List<String> targets,
    List<Problem> refusals,
    List<Problem> omissions) {
  /**
   * Something of a Probe that is not done.
   *
   * @param field such as {@code spec.metricRelabelings}
   * @param problem what is wrong with it
   * @param remedy what to do
   */
  public record Problem(String field, String problem, String remedy) {}

  public KubeProbe {
    labels = Map.copyOf(labels);
    targets = List.copyOf(targets);
    refusals = List.copyOf(refusals);
    omissions = List.copyOf(omissions);
  }
}
