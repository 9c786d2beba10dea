package io.eksnet.lab.kube;

import io.eksnet.lab.cluster.Behavior.KubeFault;
import io.eksnet.lab.cluster.ClusterState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;

/** A Kubernetes API server on loopback over plain HTTP that serves a {@link ClusterState}. */
public final class KubeApi implements AutoCloseable {
  /** As Kubernetes 1.36: measured 60.9 s. */
  private static final Duration BOOKMARK_INTERVAL = Duration.ofMinutes(1);

  private final ObjectStore store = new ObjectStore();
  private final ApiHttpServer server;
  private Map<String, String> jsonByPath = Map.of();
  private ClusterState state = ClusterState.EMPTY;

  private KubeApi(int port, Duration bookmarks) {
    this.server = ApiHttpServer.start(store, port, bookmarks);
  }

  /** Starts a server on {@code port} of 127.0.0.1, 0 for a free one. */
  public static KubeApi start(int port, ClusterState state) {
    return start(port, state, BOOKMARK_INTERVAL);
  }

  /** The same with other times between the bookmarks of a watch. */
  public static KubeApi start(int port, ClusterState state, Duration bookmarks) {
    var api = new KubeApi(port, bookmarks);
    try {
      api.update(state);
      return api;
    } catch (RuntimeException e) {
      api.close();
      throw e;
    }
  }

  /** The URL of the server. */
  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Serves another state; returns when watches have their events. */
  public synchronized void update(ClusterState next) {
    var wanted = ObjectManifests.render(next);
    var changes = new ArrayList<ObjectStore.ObjectChange>();
    jsonByPath.keySet().stream()
        .filter(path -> !wanted.containsKey(path))
        .forEach(path -> changes.add(new ObjectStore.ObjectChange(path, "")));
    // CRDs first, because the paths of their objects depend on them.
    wanted.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(jsonByPath.get(entry.getKey())))
        .sorted(Map.Entry.comparingByKey((a, b) -> rank(a) - rank(b)))
        .forEach(
            entry -> changes.add(new ObjectStore.ObjectChange(entry.getKey(), entry.getValue())));
    server.call(
        () -> {
          store.update(next, changes);
          return true;
        });
    next.all(KubeFault.class).stream()
        .filter(fault -> state.find(KubeFault.class, fault.key()).isEmpty())
        .forEach(this::interrupt);
    jsonByPath = Map.copyOf(wanted);
    state = next;
  }

  private void interrupt(KubeFault fault) {
    if (fault.kind() == KubeFault.Kind.DEAF) {
      store.watches().freeze(fault.resource());
    } else {
      store.watches().close(fault.resource());
    }
  }

  /** Closes the watches of a resource, by its plural, or all with {@code *}. */
  public void closeWatches(String plural) {
    store.watches().close(plural);
  }

  /** The number of open watches. */
  public int openWatches() {
    return store.watches().count();
  }

  /** The number of requests: {@code GET pods}, {@code WATCH pods}, {@code PUT leases}. */
  public long requests(String verbAndPlural) {
    return store.requests(verbAndPlural);
  }

  /** All requested paths with their verbs: {@code WATCH /api/v1/pods}. */
  public Set<String> requestedPaths() {
    return store.requestedPaths();
  }

  /** Writes a kubeconfig for this server. */
  public Path writeKubeconfig(Path file) throws IOException {
    return Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: lab
          cluster: {server: "%s"}
        users:
        - name: lab
          user: {token: lab}
        contexts:
        - name: lab
          context: {cluster: lab, user: lab, namespace: eksnet}
        current-context: lab
        """
            .formatted(url()));
  }

  @Override
  public void close() {
    server.close();
  }

  private static int rank(String path) {
    return path.startsWith("/apis/apiextensions.k8s.io/") ? 0 : 1;
  }
}
