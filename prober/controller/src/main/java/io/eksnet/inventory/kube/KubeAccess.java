package io.eksnet.inventory.kube;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.time.Duration;
import java.util.Optional;

/** A client of the Kubernetes API; the caller that opens it closes it. */
public final class KubeAccess implements AutoCloseable {
  /** Before JDK 20 an unused connection is kept for 20 minutes unless this is set. */
  private static final String KEEP_ALIVE_PROPERTY = "jdk.httpclient.keepalive.timeout";

  private static final String KEEP_ALIVE_SECONDS = "30";
  private static final String AUTHORIZATION = "Authorization";

  private final KubernetesClient client;
  private final String namespace;

  /**
   * @param namespace eksnet's own
   */
  public KubeAccess(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Uses the pod's service account or the user's kubeconfig.
   *
   * @param server another API server, used without credentials: the lab's
   * @param namespace eksnet's own; empty: that of the service account or kubeconfig
   * @param timeout of one request
   */
  public static KubeAccess open(Optional<String> server, String namespace, Duration timeout) {
    System.getProperties().putIfAbsent(KEEP_ALIVE_PROPERTY, KEEP_ALIVE_SECONDS);
    var found =
        server
            .map(url -> new ConfigBuilder(Config.empty()).withMasterUrl(url).build())
            .orElseGet(() -> Config.autoConfigure(null));
    return open(found, namespace, timeout);
  }

  static KubeAccess open(Config found, String namespace, Duration timeout) {
    var config = configure(found, timeout);
    var own =
        namespace.isEmpty()
            ? Optional.ofNullable(config.getNamespace()).orElse("default")
            : namespace;
    return new KubeAccess(client(config), own);
  }

  static KubernetesClient client(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("TRIMMED_TOKEN", new TokenTrimmer()))
        .build();
  }

  /**
   * Trims tokens, as client-go does when it reads a token file: one from a Secret often ends with a
   * newline, which the JDK refuses in a header.
   */
  private static final class TokenTrimmer implements Interceptor {
    @Override
    public void before(BasicBuilder headers, HttpRequest request, RequestTags tags) {
      Optional.ofNullable(request.header(AUTHORIZATION))
          .ifPresent(token -> headers.setHeader(AUTHORIZATION, token.strip()));
    }
  }

  /** One attempt per request: the caller decides when to retry. */
  static Config configure(Config config, Duration timeout) {
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
