package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * A Deployment or a DaemonSet; its pods are those it selects in its namespace.
 *
 * @param env of its container
 */
public record Workload(
    String kind,
    String namespace,
    String name,
    Map<String, String> selector,
    String serviceAccount,
    Map<String, String> env,
    int desired,
    Instant created)
    implements Item {
  public Workload {
    selector = Map.copyOf(selector);
    env = Map.copyOf(env);
  }

  @Override
  public String key() {
    return namespace + "/" + name;
  }

  public Workload withEnv(String name, String value) {
    var next = new HashMap<>(env);
    next.put(name, value);
    return new Workload(
        kind, namespace, this.name, selector, serviceAccount, next, desired, created);
  }

  public Workload withDesired(int next) {
    return new Workload(kind, namespace, name, selector, serviceAccount, env, next, created);
  }
}
