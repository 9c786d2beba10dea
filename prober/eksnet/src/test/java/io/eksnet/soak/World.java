package io.eksnet.soak;

import io.eksnet.cli.ChildProgram;
import io.eksnet.lab.Lab;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.world.ClusterLab;
import io.eksnet.lab.world.EksnetDeployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The lab with an agent and two controllers of eksnet, and what strikes them. */
final class World implements AutoCloseable {
  private static final double SPEED = 20;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int HANGUPS = 12;

  private static final String PROBES =
      """
      defaults: {interval: 1s, timeout: 700ms}
      probes:
        - {name: http, kind: http, targets: ['http://127.0.0.1:%d/ok']}
        - {name: https, kind: http, targets: ['https://127.0.0.1:%d/ok'], tls: {ca_file: '%s', server_name: shop.lab.test}}
        - {name: tcp, kind: tcp, targets: ['127.0.0.1:%d'], expect: ['^SSH-2']}
        - {name: dns, kind: dns, targets: ['127.0.0.1:%d'], query: shop.lab.test., tries: 1, try_timeout: 600ms}
      """;

  private final ClusterLab lab = ClusterLab.start(SPEED);
  private final Lab services = Lab.start();
  private final Map<SoakFault, SoakFault.OfCluster> broken = new LinkedHashMap<>();
  private final Map<SoakFault, Instance> struck = new HashMap<>();
  private final Map<Instance, Long> hungUp = new HashMap<>();
  private final Map<String, Counts> counts;
  private final ClusterState healthy;
  private final String config;
  private final ServiceAddress controllerService;
  private final Instance agent;
  private final List<Instance> controllers;

  World(Path work) throws IOException {
    var address = ChildProgram.freeAddress();
    var instance = EksnetDeployment.prepare(lab, work, address, 1).instances().get(0);
    healthy = lab.state();
    config = hasty(Files.readString(instance.config())) + probes(work);
    var one = ChildProgram.freeAddress();
    var other = ChildProgram.freeAddress();
    controllerService = new ServiceAddress(List.of(one, other));
    agent = instance("agent", "agent", work, address, forAgent(instance.environment()));
    controllers =
        List.of(
            instance("controller", "one", work, one, instance.environment()),
            instance("controller", "other", work, other, instance.environment()));
    counts =
        Map.of(
            "http", new Counts("http", false, services.http()::connections),
            "https", new Counts("https", false, services.https()::connections),
            "tcp", new Counts("tcp", true, services.tcp()::connections),
            "dns", new Counts("dns", false, services.dns()::udpQueries));
  }

  Instance agent() {
    return agent;
  }

  List<Instance> controllers() {
    return controllers;
  }

  List<Instance> instances() {
    return List.of(agent, controllers.get(0), controllers.get(1));
  }

  List<Counts> counts() {
    return List.copyOf(counts.values());
  }

  /** Makes a fault begin. */
  void begin(SoakFault fault, Consumer<Instance> lastCheck) throws IOException {
    if (fault instanceof SoakFault.OfService of) {
      turn(of.victim(), of.label());
    } else if (fault instanceof SoakFault.OfCluster of) {
      broken.put(fault, of);
      show();
    } else {
      strike((SoakFault.OfProcess) fault, lastCheck);
    }
  }

  /** Repairs it. */
  void end(SoakFault fault) throws IOException {
    if (fault instanceof SoakFault.OfService of) {
      turn(of.victim(), "none");
    } else if (fault instanceof SoakFault.OfCluster) {
      broken.remove(fault);
      show();
    } else {
      repair((SoakFault.OfProcess) fault);
    }
  }

  private void turn(String service, String label) {
    var count = counts.get(service);
    if (count != null) {
      count.switched();
    }
    services.service(service).fault(label);
  }

  private void show() {
    lab.change(
        now -> {
          var state = healthy;
          for (var fault : broken.values()) {
            state = fault.what().apply(state);
          }
          return state;
        });
  }

  private void strike(SoakFault.OfProcess fault, Consumer<Instance> lastCheck) throws IOException {
    var victim = fault.victim().equals("controllers") ? leader() : agent;
    struck.put(fault, victim);
    switch (fault) {
      case AGENT_FROZEN, LEADER_FROZEN -> victim.freeze();
      case AGENT_KILLED, LEADER_KILLED -> {
        lastCheck.accept(victim);
        victim.kill();
        if (victim == agent) {
          // What ends between the last read and the end.
          counts().forEach(count -> count.cut(2));
        }
      }
      case AGENT_CLOCK_AHEAD -> agent.jump(HOUR);
      case AGENT_CLOCK_BACK -> agent.jump(HOUR.negated());
      case CLOCKS_AHEAD -> jump(HOUR);
      case CLOCKS_BACK -> jump(HOUR.negated());
      case HANGUPS -> hangUp();
    }
  }

  private void repair(SoakFault.OfProcess fault) throws IOException {
    var victim = struck.remove(fault);
    switch (fault) {
      case AGENT_FROZEN, LEADER_FROZEN -> victim.thaw();
      case AGENT_KILLED, LEADER_KILLED -> {
        victim.replace("eksnet.yaml", config);
        victim.restart();
      }
      case AGENT_CLOCK_AHEAD, AGENT_CLOCK_BACK -> agent.jump(Duration.ZERO);
      case CLOCKS_AHEAD, CLOCKS_BACK -> jump(Duration.ZERO);
      case HANGUPS -> unhang();
    }
  }

  private void jump(Duration by) throws IOException {
    for (var controller : controllers) {
      controller.jump(by);
    }
  }

  /** Configs that are good, and others that are broken, in turn and faster than they are read. */
  private void hangUp() throws IOException {
    hungUp.clear();
    for (var instance : instances()) {
      if (instance.ready()) {
        hungUp.put(instance, instance.pid());
      }
    }
    for (var i = 0; i < HANGUPS; i++) {
      var next =
          i % 2 == 0 ? config.replace("'^SSH-2'", "'^SSH-2.'") : config + "polls: [nonsense\n";
      for (var instance : hungUp.keySet()) {
        instance.replace("eksnet.yaml", next);
        instance.signal("HUP");
      }
    }
    counts.get("tcp").cut(HANGUPS);
  }

  private void unhang() throws IOException {
    for (var entry : hungUp.entrySet()) {
      var instance = entry.getKey();
      instance.replace("eksnet.yaml", config);
      if (instance.pid() == entry.getValue() && !instance.ended()) {
        instance.signal("HUP");
      }
    }
    counts.get("tcp").cut(1);
  }

  /** The controller that leads, or any that answers. */
  private Instance leader() throws IOException {
    for (var controller : controllers) {
      if (controller.answers() && controller.ready() && controller.leads()) {
        return controller;
      }
    }
    return controllers.get(0);
  }

  private Instance instance(
      String role, String name, Path work, String address, Map<String, String> environment)
      throws IOException {
    var directory = Files.createDirectories(work.resolve(name));
    Files.writeString(directory.resolve("eksnet.yaml"), config);
    var own = new HashMap<>(environment);
    if (role.equals("controller")) {
      own.put("POD_NAME", "eksnet-controller-" + name);
    }
    return new Instance(role, address, directory, own);
  }

  private Map<String, String> forAgent(Map<String, String> environment) {
    var own = new HashMap<>(environment);
    own.keySet().removeIf(name -> name.equals("KUBECONFIG") || name.startsWith("AWS_A"));
    own.remove("AWS_ENDPOINT_URL");
    own.put("EKSNET_CONTROLLER_SERVICE_HOST", "127.0.0.1");
    own.put("EKSNET_CONTROLLER_SERVICE_PORT", Integer.toString(controllerService.port()));
    return own;
  }

  private String probes(Path work) throws IOException {
    var certificates = Files.createDirectories(work.resolve("services"));
    services.certificates().write(certificates);
    return PROBES.formatted(
        services.http().port(),
        services.https().port(),
        certificates.resolve("ca.pem"),
        services.tcp().port(),
        services.dns().port());
  }

  private static String hasty(String config) {
    return config
        .replaceAll("interval: \\d+s, timeout: \\ds", "interval: 2s, timeout: 1500ms")
        .replaceAll("interval: (5|10)s", "interval: 2s, timeout: 1500ms")
        .replaceAll("every: 3s", "every: 2s")
        .replaceAll("(polls: \\{|, )([a-z_]+): [123]0s", "$1$2: 5s")
        .replaceAll(
            "polls: \\{",
            "polls: {kubernetes: 2s, cluster: 5s, vpc_endpoints: 5s, leaked_interfaces: 5s, ");
  }

  @Override
  public void close() {
    controllers.forEach(Instance::close);
    agent.close();
    controllerService.close();
    services.close();
    lab.close();
  }
}
