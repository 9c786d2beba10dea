package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.Optional;

/** The way to the Kubernetes API; who opened it closes it. */
public final class KubeAccess implements AutoCloseable {
  /** The JDK's client keeps a connection that nobody uses for 20 minutes, unless this is set. */
  private static final String IDLE = "jdk.httpclient.keepalive.timeout";

  private static final String IDLE_SECONDS = "30";

  private final KubernetesClient client;
  private final String namespace;

  /**
   * The way through a client of the caller's making.
   *
   * @param namespace eksnet's own
   */
  public KubeAccess(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * The way that the pod's service account or the user's kubeconfig shows.
   *
   * @param server another API server, which is asked without credentials: the lab's
   * @param namespace eksnet's own; empty: the one the service account or kubeconfig names
   * @param timeout of one request
   */
  public static KubeAccess open(Optional<String> server, String namespace, Duration timeout) {
    System.getProperties().putIfAbsent(IDLE, IDLE_SECONDS);
    var found =
        server
            .map(url -> new ConfigBuilder(Config.empty()).withMasterUrl(url).build())
            .orElseGet(() -> Config.autoConfigure(null));
    var config = bounded(found, timeout);
    var own =
        namespace.isEmpty() ? Optional.ofNullable(config.getNamespace()) : Optional.of(namespace);
    return new KubeAccess(
        new KubernetesClientBuilder().withConfig(config).build(), own.orElse("default"));
  }

  /** One try a request, and no longer than {@code timeout}: who asks decides when to ask again. */
  static Config bounded(Config config, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    return new ConfigBuilder(config)
        .withRequestTimeout(millis)
        .withConnectionTimeout(millis)
        .withRequestRetryBackoffLimit(0)
        .withWatchReconnectInterval(1_000)
        .withHttp2Disable(true)
        .withUserAgent("eksnet")
        .build();
  }

  KubernetesClient client() {
    return client;
  }

  /** The namespace of eksnet itself. */
  public String namespace() {
    return namespace;
  }

  @Override
  public void close() {
    client.close();
  }
}
