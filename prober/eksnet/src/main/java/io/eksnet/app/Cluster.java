package io.eksnet.app;

import io.eksnet.config.Settings;
import io.eksnet.plan.Reach;
import io.eksnet.web.WebConfig;
import java.util.function.ObjIntConsumer;

/** What a process uses of a cluster; tests put their own in its place. */
record Cluster(Opening opening, Language language) {
  /** The real one. Names no class of a client of Kubernetes or AWS: agents load none. */
  static final Cluster REAL = new Cluster(Cluster::open, Cluster::plans);

  /** Opens the facts of a cluster. */
  @FunctionalInterface
  interface Opening {
    /**
     * What this process knows of the cluster, opened.
     *
     * @param alone whether there is no other controller
     * @param calls hears of each call to AWS
     */
    Facts open(Ground ground, Settings settings, boolean alone, Calls calls);
  }

  /** Hears of calls: the service, the operation, the outcome and how many nanoseconds it took. */
  @FunctionalInterface
  interface Calls {
    void call(String service, String operation, String outcome, long nanos);
  }

  /** How plans are spoken of in a process with these settings. */
  @FunctionalInterface
  interface Language {
    /**
     * The language of its plans.
     *
     * @param dropped hears of each suite and how much of it the bounds on plans left out
     */
    PlanLanguage of(Settings settings, WebConfig web, ObjIntConsumer<String> dropped);
  }

  private static Facts open(Ground ground, Settings settings, boolean alone, Calls calls) {
    return CloudFacts.open(ground, settings, alone, calls);
  }

  private static PlanLanguage plans(
      Settings settings, WebConfig web, ObjIntConsumer<String> dropped) {
    var controller = settings.controller();
    return new ClusterPlans(
        new Reach(controller.loopback()),
        controller.agentPort(),
        web.tlsServerConfig().isPresent(),
        dropped);
  }
}
