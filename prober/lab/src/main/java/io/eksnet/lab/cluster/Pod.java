package io.eksnet.lab.cluster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pod.
 *
 * @param node empty while it has none
 * @param ip empty while it has none
 * @param phase {@code Pending}, {@code Running}, {@code Succeeded}, {@code Failed}
 * @param conditions beside Ready; PodScheduled is among them when it is False
 * @param crash why its container does not run; no crash when empty
 * @param program what listens at its address
 */
public record Pod(
    String namespace,
    String name,
    Map<String, String> labels,
    Map<String, String> annotations,
    String node,
    String ip,
    List<Port> ports,
    String phase,
    boolean ready,
    boolean hostNetwork,
    boolean terminating,
    String serviceAccount,
    String scheduler,
    List<Condition> conditions,
    Crash crash,
    Map<String, String> env,
    Program program,
    Instant created)
    implements Item {
  /** A port of its container. */
  public record Port(String name, int port, String protocol) {}

  /** Why its container waits, how it ended last, and how often. */
  public record Crash(String reason, String words, int restarts) {
    /** It runs. */
    public static final Crash NONE = new Crash("", "", 0);
  }

  /** What listens at the pod's address, with the label of the fault that is on. */
  public record Program(Kind kind, String fault, long delayMillis) {
    /** The kinds of programs. */
    public enum Kind {
      /** Nothing listens. */
      NONE,
      /** A web service; see {@link io.eksnet.lab.WebServer}. */
      WEB,
      /** CoreDNS: a name server. */
      DNS,
      /** A health endpoint. */
      HEALTH
    }

    /** Nothing. */
    public static final Program NONE = new Program(Kind.NONE, "none", 0);

    /** A healthy one. */
    public static Program of(Kind kind) {
      return new Program(kind, "none", 0);
    }
  }

  public Pod {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
    ports = List.copyOf(ports);
    conditions = List.copyOf(conditions);
    env = Map.copyOf(env);
  }

  /** A pod that runs and is ready, and listens nowhere. */
  public static Pod running(String namespace, String name, Node node, String ip, Instant created) {
    return new Pod(
        namespace,
        name,
        Map.of(),
        Map.of(),
        node.name(),
        ip,
        List.of(),
        "Running",
        true,
        false,
        false,
        "default",
        "default-scheduler",
        List.of(),
        Crash.NONE,
        Map.of(),
        Program.NONE,
        created);
  }

  @Override
  public String key() {
    return namespace + "/" + name;
  }

  /** Whether it has all of these labels. */
  public boolean matches(Map<String, String> selector) {
    return !selector.isEmpty() && labels.entrySet().containsAll(selector.entrySet());
  }

  /** Whether a program listens at its address. */
  public boolean listens() {
    return !ip.isEmpty() && phase.equals("Running") && program.kind() != Program.Kind.NONE;
  }

  public Pod withLabels(Map<String, String> next) {
    return edit().labels(next).pod();
  }

  public Pod withAnnotation(String name, String value) {
    var next = new HashMap<>(annotations);
    next.put(name, value);
    return edit().annotations(next).pod();
  }

  /** Has another address. */
  public Pod withIp(String next) {
    return edit().ip(next).pod();
  }

  /** Is a program of its own, and the lab opens nothing at its address. */
  public Pod servedElsewhere() {
    return edit().program(Program.NONE).pod();
  }

  public Pod withServiceAccount(String next) {
    return edit().serviceAccount(next).pod();
  }

  public Pod withEnv(Map<String, String> next) {
    return edit().env(next).pod();
  }

  public Pod withHostNetwork() {
    return edit().hostNetwork(true).pod();
  }

  public Pod withReady(boolean next) {
    return edit().ready(next).pod();
  }

  public Pod withScheduler(String next) {
    return edit().scheduler(next).pod();
  }

  public Pod withTerminating(boolean next) {
    return edit().terminating(next).pod();
  }

  /** Listens on these ports from now on. */
  public Pod serving(Program.Kind kind, Port... next) {
    return edit().ports(List.of(next)).program(Program.of(kind)).pod();
  }

  /** Switches a fault of its program on, by label; {@code none} heals it. */
  public Pod withFault(String label) {
    return edit().program(new Program(program.kind(), label, program.delayMillis())).pod();
  }

  /** How late it answers under a fault that delays. */
  public Pod withDelay(long millis) {
    return edit().program(new Program(program.kind(), program.fault(), millis)).pod();
  }

  /** Adds a condition, in place of one of the same type. */
  public Pod with(Condition condition) {
    var next = new ArrayList<>(conditions);
    next.removeIf(old -> old.type().equals(condition.type()));
    next.add(condition);
    return edit().conditions(next).pod();
  }

  /** No node takes it, in the scheduler's words. */
  public Pod unschedulable(String words) {
    return edit()
        .node("")
        .ip("")
        .phase("Pending")
        .ready(false)
        .pod()
        .with(new Condition("PodScheduled", "False", "Unschedulable", words));
  }

  /** It has its node, and gets no address there. */
  public Pod withoutAddress() {
    return edit().ip("").phase("Pending").ready(false).pod();
  }

  /** Its container ends again and again, with these last words. */
  public Pod crashing(String words, int restarts) {
    return edit().ready(false).crash(new Crash("CrashLoopBackOff", words, restarts)).pod();
  }

  private Edit edit() {
    return new Edit(this);
  }

  /** A pod in the making. */
  private static final class Edit {
    private final Pod from;
    private Map<String, String> labels;
    private Map<String, String> annotations;
    private String node;
    private String ip;
    private List<Port> ports;
    private String phase;
    private boolean ready;
    private boolean hostNetwork;
    private boolean terminating;
    private String serviceAccount;
    private String scheduler;
    private List<Condition> conditions;
    private Crash crash;
    private Map<String, String> env;
    private Program program;

    Edit(Pod from) {
      this.from = from;
      labels = from.labels;
      annotations = from.annotations;
      node = from.node;
      ip = from.ip;
      ports = from.ports;
      phase = from.phase;
      ready = from.ready;
      hostNetwork = from.hostNetwork;
      terminating = from.terminating;
      serviceAccount = from.serviceAccount;
      scheduler = from.scheduler;
      conditions = from.conditions;
      crash = from.crash;
      env = from.env;
      program = from.program;
    }

    Pod pod() {
      return new Pod(
          from.namespace,
          from.name,
          labels,
          annotations,
          node,
          ip,
          ports,
          phase,
          ready,
          hostNetwork,
          terminating,
          serviceAccount,
          scheduler,
          conditions,
          crash,
          env,
          program,
          from.created);
    }

    Edit labels(Map<String, String> next) {
      labels = next;
      return this;
    }

    Edit annotations(Map<String, String> next) {
      annotations = next;
      return this;
    }

    Edit node(String next) {
      node = next;
      return this;
    }

    Edit ip(String next) {
      ip = next;
      return this;
    }

    Edit ports(List<Port> next) {
      ports = next;
      return this;
    }

    Edit phase(String next) {
      phase = next;
      return this;
    }

    Edit ready(boolean next) {
      ready = next;
      return this;
    }

    Edit hostNetwork(boolean next) {
      hostNetwork = next;
      return this;
    }

    Edit terminating(boolean next) {
      terminating = next;
      return this;
    }

    Edit serviceAccount(String next) {
      serviceAccount = next;
      return this;
    }

    Edit scheduler(String next) {
      scheduler = next;
      return this;
    }

    Edit conditions(List<Condition> next) {
      conditions = next;
      return this;
    }

    Edit crash(Crash next) {
      crash = next;
      return this;
    }

    Edit env(Map<String, String> next) {
      env = next;
      return this;
    }

    Edit program(Program next) {
      program = next;
      return this;
    }
  }
}
