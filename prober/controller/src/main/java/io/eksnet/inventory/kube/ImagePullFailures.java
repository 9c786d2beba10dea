package io.eksnet.inventory.kube;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.eksnet.model.inventory.ImagePullFailure;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the last error of each pod that waits for an image, because kubelets before Kubernetes 1.32
 * report it only until they back off. Confined to one thread.
 */
final class ImagePullFailures {
  /** More hosts than a cluster uses. */
  private static final int MAX_FAILURES = 100;

  /** What pods with one error have in common. */
  private record Key(String host, ImagePullFailure.Reason reason) {}

  /** A waiting pod. */
  private record Waiting(String node, ImagePullError error) {}

  private Map<String, Waiting> waiting = Map.of();

  /** The failures of the pods that wait now. */
  List<ImagePullFailure> update(Collection<CachedPod> pods) {
    var now = new HashMap<String, Waiting>();
    for (var pod : pods) {
      if (!pod.terminating()) {
        pod.pullError()
            .ifPresent(
                error -> {
                  var id = pod.namespace() + "/" + pod.name();
                  var last = waiting.get(id);
                  now.put(
                      id,
                      error.message().isEmpty() && last != null
                          ? last
                          : new Waiting(pod.node(), error));
                });
      }
    }
    waiting = now;
    return now.values().stream()
        .filter(pod -> pod.error().reason().isPresent())
        .collect(
            groupingBy(
                pod -> new Key(pod.error().host(), pod.error().reason().orElseThrow()), toList()))
        .entrySet()
        .stream()
        .map(group -> failure(group.getKey(), group.getValue()))
        .sorted(
            Comparator.comparing(ImagePullFailure::host).thenComparing(ImagePullFailure::reason))
        .limit(MAX_FAILURES)
        .toList();
  }

  private static ImagePullFailure failure(Key key, List<Waiting> pods) {
    return new ImagePullFailure(
        key.host(),
        key.reason(),
        pods.stream().map(Waiting::node).distinct().sorted().toList(),
        pods.size(),
        pods.stream().map(pod -> pod.error().message()).min(String::compareTo).orElse(""));
  }
}
