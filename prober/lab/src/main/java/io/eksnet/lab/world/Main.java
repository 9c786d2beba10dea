package io.eksnet.lab.world;

import io.eksnet.lab.Child;
import io.eksnet.lab.ControlPage;
import io.eksnet.lab.EksnetConfig;
import io.eksnet.lab.Lab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The lab's cluster and services as a program, with eksnet beside them: {@code make run}. One
 * process of eksnet is controller and agent, two more are agents in the other zones.
 */
public final class Main {
  private static final int EKSNET_PORT = 9853;
  private static final int CONTROL_PORT = 9850;

  /** One in each zone. */
  private static final int AGENTS = 3;

  private Main() {}

  /** Runs until eksnet ends or a signal comes; exits as eksnet does. */
  public static void main(String[] args) {
    // Netty and fabric8 log through slf4j, and the lab has nothing to say there.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.exit(run(args));
  }

  private static int run(String[] args) {
    try {
      return beside(Words.of(args));
    } catch (IllegalArgumentException e) {
      System.err.println("lab: " + e.getMessage());
      System.err.print(Words.USAGE);
      return 1;
    } catch (UncheckedIOException e) {
      System.err.println("lab: " + e.getMessage() + "; does another lab run?");
      return 1;
    } catch (IOException e) {
      System.err.println("lab: " + e.getMessage());
      return 1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 130;
    }
  }

  private static int beside(Words words) throws IOException, InterruptedException {
    var address = Child.claim(EKSNET_PORT);
    var links = List.of("http://" + address + "/", "http://" + address + "/metrics");
    var ca = words.work().resolve("ca-services.pem");
    try (var services = Lab.start(Lab.Ports.FIXED);
        var cluster = ClusterLab.start();
        var page =
            ControlPage.start(
                services,
                CONTROL_PORT,
                links,
                new ScenarioSection(cluster.replay(), words.scenario()))) {
      var watched = Watched.of(cluster, words.work(), address, AGENTS);
      var seats = watched.seats();
      services.certificates().write(words.work().resolve("services"));
      Files.copy(words.work().resolve("services/ca.pem"), ca, StandardCopyOption.REPLACE_EXISTING);
      var first = withProbes(seats.get(0), EksnetConfig.probes(services, ca));
      try (var processes = new Processes()) {
        var eksnet = processes.start(words.eksnet(), "standalone", first);
        for (var seat : seats.subList(1, seats.size())) {
          processes.start(words.eksnet(), "agent", seat);
        }
        if (eksnet.awaitReady()) {
          System.out.println(guide(cluster, page.url(), address, first));
          words.scenario().ifPresent(cluster.replay()::play);
        }
        return eksnet.awaitEnd();
      }
    }
  }

  private static Watched.Seat withProbes(Watched.Seat seat, String probes) throws IOException {
    var config = seat.config().resolveSibling("eksnet.yaml");
    Files.copy(seat.config(), config, StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(config, probes, StandardOpenOption.APPEND);
    return new Watched.Seat(seat.address(), seat.environment(), config);
  }

  private static String guide(
      ClusterLab cluster, String control, String address, Watched.Seat first) {
    return """

        The lab stands, and eksnet watches it.

          status page      http://%s/
          metrics          http://%s/metrics
          findings         http://%s/api/v1/findings
          inventory        http://%s/api/v1/inventory
          scenarios        %s/
          its config       %s

        %s
        Ctrl-C ends all.
        """
        .formatted(
            address, address, address, address, control, first.config(), cluster.guide().indent(2));
  }

  /** The processes of eksnet, ended together. */
  private static final class Processes implements AutoCloseable {
    private final Deque<Child> started = new ArrayDeque<>();

    Child start(Path program, String role, Watched.Seat seat) throws IOException {
      var child = Child.start(program, role, seat.config(), seat.address(), seat.environment());
      started.push(child);
      return child;
    }

    @Override
    public void close() {
      started.forEach(Child::close);
    }
  }
}
