package io.eksnet.lab.world;

import io.eksnet.lab.Child;
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
 * The lab's cluster and services with eksnet beside them: one process is controller and agent, two
 * more are agents in the other zones.
 */
public final class Stand implements AutoCloseable {
  private static final int EKSNET_PORT = 9853;
  private static final int CONTROL_PORT = 9850;

  /** One in each zone. */
  private static final int AGENTS = 3;

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final String address;
  private final ControlPage page;
  private final ClusterLab cluster;
  private final List<Watched.Seat> seats;
  private final Watched.Seat first;
  private final Child eksnet;

  private Stand(Words words) throws IOException {
    var work = words.work();
    try {
      address = Child.claim(EKSNET_PORT);
      var links = List.of("http://" + address + "/", "http://" + address + "/metrics");
      var services = opened(Lab.start(Lab.Ports.FIXED));
      cluster = opened(ClusterLab.start());
      var scenarios = new ScenarioSection(cluster.replay(), words.scenario());
      page = opened(ControlPage.start(services, CONTROL_PORT, links, scenarios));
      seats = Watched.of(cluster, work, address, AGENTS).seats();
      var ca = work.resolve("ca-services.pem");
      services.certificates().write(work.resolve("services"));
      Files.copy(work.resolve("services/ca.pem"), ca, StandardCopyOption.REPLACE_EXISTING);
      first = withProbes(seats.get(0), EksnetConfig.probes(services, ca));
      eksnet = process(words.eksnet(), "standalone", first);
      for (var seat : seats.subList(1, seats.size())) {
        process(words.eksnet(), "agent", seat);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts all of it. */
  public static Stand start(Words words) throws IOException {
    return new Stand(words);
  }

  /** The cluster that is watched. */
  public ClusterLab cluster() {
    return cluster;
  }

  /** The processes of eksnet. */
  public List<Watched.Seat> seats() {
    return seats;
  }

  /** Whether eksnet became ready. */
  public boolean awaitReady() throws InterruptedException {
    return eksnet.awaitReady();
  }

  /** Whether eksnet runs. */
  public boolean isAlive() {
    return eksnet.isAlive();
  }

  /** Waits for the end of eksnet; its exit status. */
  public int awaitEnd() throws InterruptedException {
    return eksnet.awaitEnd();
  }

  /** Where to look, for people. */
  public String guide() {
    return """
          status page      http://%s/
          metrics          http://%s/metrics
          findings         http://%s/api/v1/findings
          inventory        http://%s/api/v1/inventory
          scenarios        %s/
          its config       %s
        """
        .formatted(address, address, address, address, page.url(), first.config());
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("a part of the lab does not close", e);
      }
    }
  }

  private Child process(Path program, String role, Watched.Seat seat) throws IOException {
    return opened(Child.start(program, role, seat.config(), seat.address(), seat.environment()));
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private static Watched.Seat withProbes(Watched.Seat seat, String probes) throws IOException {
    var config = seat.config().resolveSibling("eksnet.yaml");
    Files.copy(seat.config(), config, StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(config, probes, StandardOpenOption.APPEND);
    return new Watched.Seat(seat.address(), seat.environment(), config);
  }
}
