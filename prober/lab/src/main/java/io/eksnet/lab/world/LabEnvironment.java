package io.eksnet.lab.world;

import io.eksnet.lab.ChildProcess;
import io.eksnet.lab.ControlPage;
import io.eksnet.lab.EksnetConfig;
import io.eksnet.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The lab's cluster, its services and its control page, with eksnet processes beside them: one is
 * controller and agent, the others are agents in the other zones.
 */
public final class LabEnvironment implements AutoCloseable {
  private static final int EKSNET_PORT = 9853;
  private static final int CONTROL_PORT = 9850;
  private static final int AGENTS = 3;

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();
  private final String address;
  private final ControlPage page;
  private final ClusterLab cluster;
  private final List<EksnetDeployment.Instance> instances;
  private final Path config;
  private final ChildProcess eksnet;

  private LabEnvironment(LabOptions options) throws IOException {
    var work = options.work();
    try {
      address = ChildProcess.claim(EKSNET_PORT);
      var links = List.of("http://" + address + "/", "http://" + address + "/metrics");
      var services = own(Lab.start(Lab.Ports.FIXED));
      cluster = own(ClusterLab.start());
      var scenarios = new ScenarioSection(cluster.scenarios(), options.scenario());
      page = own(ControlPage.start(services, CONTROL_PORT, links, scenarios));
      instances = EksnetDeployment.prepare(cluster, work, address, AGENTS).instances();
      services.certificates().write(work.resolve("services"));
      var ca = work.resolve("ca-services.pem");
      Files.copy(work.resolve("services/ca.pem"), ca, StandardCopyOption.REPLACE_EXISTING);
      config = work.resolve("eksnet.yaml");
      Files.copy(instances.get(0).config(), config, StandardCopyOption.REPLACE_EXISTING);
      Files.writeString(config, EksnetConfig.probes(services, ca), StandardOpenOption.APPEND);
      eksnet = start(options.eksnet(), "standalone", instances.get(0), config);
      for (var agent : instances.subList(1, instances.size())) {
        start(options.eksnet(), "agent", agent, agent.config());
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts everything. */
  public static LabEnvironment start(LabOptions options) throws IOException {
    return new LabEnvironment(options);
  }

  /** The cluster. */
  public ClusterLab cluster() {
    return cluster;
  }

  /** The eksnet processes. */
  public List<EksnetDeployment.Instance> instances() {
    return instances;
  }

  /** Waits until eksnet is ready; false if it ended or is not ready in time. */
  public boolean awaitReady() throws InterruptedException {
    return eksnet.awaitReady();
  }

  /** Whether eksnet runs. */
  public boolean isAlive() {
    return eksnet.isAlive();
  }

  /** Waits until eksnet ends; its exit status. */
  public int awaitEnd() throws InterruptedException {
    return eksnet.awaitEnd();
  }

  /** The URLs, for people. */
  public String describe() {
    return """
          status page      http://%1$s/
          metrics          http://%1$s/metrics
          findings         http://%1$s/api/v1/findings
          inventory        http://%1$s/api/v1/inventory
          scenarios        %2$s/
          configuration    %3$s
        """
        .formatted(address, page.url(), config);
  }

  @Override
  public void close() {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot close the lab", e);
      }
    }
  }

  private ChildProcess start(
      Path program, String role, EksnetDeployment.Instance instance, Path config)
      throws IOException {
    return own(
        ChildProcess.start(program, role, config, instance.address(), instance.environment()));
  }

  private <T extends AutoCloseable> T own(T resource) {
    resources.push(resource);
    return resource;
  }
}
