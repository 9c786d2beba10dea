package io.eksnet.lab.kube;

import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.KubeFault;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A Kubernetes API server on loopback over plain HTTP that shows a {@link ClusterState}. */
public final class KubeApi implements AutoCloseable {
  private final Store store = new Store();
  private final ApiServer server;
  private Map<String, String> shown = Map.of();
  private ClusterState state = ClusterState.EMPTY;

  private KubeApi(int port) {
    this.server = ApiServer.start(store, port);
  }

  /** A server on {@code port} of 127.0.0.1, 0 for a free one, that shows {@code state}. */
  public static KubeApi start(int port, ClusterState state) {
    var api = new KubeApi(port);
    try {
      api.show(state);
      return api;
    } catch (RuntimeException e) {
      api.close();
      throw e;
    }
  }

  /** Where it is. */
  public String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** Shows another state; when it returns, watchers were told what changed. */
  public synchronized void show(ClusterState next) {
    var wanted = new HashMap<String, String>();
    KubeObjects.of(next).forEach((path, object) -> wanted.put(path, Serialization.asJson(object)));
    var changes = new ArrayList<Store.Change>();
    shown.keySet().stream()
        .filter(path -> !wanted.containsKey(path))
        .forEach(path -> changes.add(new Store.Change(path, "")));
    // CRDs first: the paths of their objects hang on them.
    wanted.entrySet().stream()
        .filter(entry -> !entry.getValue().equals(shown.get(entry.getKey())))
        .sorted(Map.Entry.comparingByKey((a, b) -> rank(a) - rank(b)))
        .forEach(entry -> changes.add(new Store.Change(entry.getKey(), entry.getValue())));
    server.call(
        () -> {
          store.show(next, changes);
          return true;
        });
    next.all(KubeFault.class).stream()
        .filter(fault -> state.find(KubeFault.class, fault.key()).isEmpty())
        .forEach(fault -> store.watches().cut(fault.resource()));
    shown = Map.copyOf(wanted);
    state = next;
  }

  /** Closes the watches of a resource, by its plural, or all with {@code *}. */
  public void cutWatches(String plural) {
    store.watches().cut(plural);
  }

  /** How many watches are open. */
  public int watches() {
    return store.watches().count();
  }

  /** How many requests came: {@code GET pods}, {@code WATCH pods}, {@code PUT leases}. */
  public long requests(String verbAndPlural) {
    return store.requests(verbAndPlural);
  }

  /** All that was asked for, by verb and path: {@code WATCH /api/v1/pods}. */
  public Set<String> asked() {
    return store.asked();
  }

  /** Writes a kubeconfig for clients. */
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
