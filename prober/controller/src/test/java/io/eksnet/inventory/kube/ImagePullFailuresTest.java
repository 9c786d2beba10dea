package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.ImagePullFailure;
import io.eksnet.model.inventory.ImagePullFailure.Reason;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImagePullFailuresTest {
  private static final String TIMEOUT =
      "failed to resolve reference \"quay.io/a/b:1\": failed to do request: Head"
          + " \"https://Quay.io/v2/a/b/manifests/1\": dial tcp 192.0.2.7:443: i/o timeout";
  private static final String REFUSED_PULL =
      "unexpected status from HEAD request to https://quay.io/v2/a/b: 403 Forbidden";

  private final ImagePullFailures failures = new ImagePullFailures();

  private static CachedPod pod(String name, String node, String reason, String message) {
    return CachedPod.of(
            Yaml.read(
                Pod.class,
                """
                metadata: {name: %s, namespace: shop}
                spec: {nodeName: %s}
                status:
                  phase: Pending
                  containerStatuses:
                  - name: app
                    image: quay.io/a/b:1
                    state: {waiting: {reason: %s, message: '%s'}}
                """
                    .formatted(name, node, reason, message)))
        .orElseThrow();
  }

  @Test
  void countsPodsByHostAndReason() {
    assertThat(
            failures.update(
                List.of(
                    pod("a", "n2", "ErrImagePull", TIMEOUT),
                    pod("b", "n1", "ErrImagePull", TIMEOUT),
                    pod("c", "n3", "ErrImagePull", REFUSED_PULL),
                    pod("d", "n3", "ContainerCreating", ""))))
        .containsExactly(
            new ImagePullFailure("quay.io", Reason.NO_RESPONSE, List.of("n1", "n2"), 2, TIMEOUT));
  }

  /** Kubelets before Kubernetes 1.32 report the error only until they back off. */
  @Test
  void keepsTheErrorWhileTheKubeletBacksOff() {
    failures.update(List.of(pod("a", "n1", "ErrImagePull", TIMEOUT)));
    var backOff = pod("a", "n1", "ImagePullBackOff", "Back-off pulling image \"quay.io/a/b:1\"");

    assertThat(failures.update(List.of(backOff))).hasSize(1);
    assertThat(failures.update(List.of(backOff))).hasSize(1);
    assertThat(failures.update(List.of(pod("a", "n1", "ErrImagePull", REFUSED_PULL)))).isEmpty();
    assertThat(failures.update(List.of(backOff))).isEmpty();
  }

  @Test
  void forgetsPodsThatHaveTheirImage() {
    var backOff = pod("a", "n1", "ImagePullBackOff", "Back-off pulling image \"quay.io/a/b:1\"");
    failures.update(List.of(pod("a", "n1", "ErrImagePull", TIMEOUT)));
    failures.update(List.of(pod("a", "n1", "CrashLoopBackOff", "")));

    assertThat(failures.update(List.of(backOff))).isEmpty();
  }

  @Test
  void readsTheErrorOfNewKubelets() {
    var message = "Back-off pulling image \"quay.io/a/b:1\": ErrImagePull: " + TIMEOUT;

    assertThat(failures.update(List.of(pod("a", "n1", "ImagePullBackOff", message)))).hasSize(1);
  }

  @Test
  void isBounded() {
    var pods =
        IntStream.range(0, 300)
            .mapToObj(i -> pod("p" + i, "n1", "ErrImagePull", TIMEOUT.replace("Quay", "q" + i)))
            .toList();

    assertThat(failures.update(pods)).hasSize(100);
  }
}
