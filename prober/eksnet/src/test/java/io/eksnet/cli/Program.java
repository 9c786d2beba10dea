package io.eksnet.cli;

import io.eksnet.agent.AwsAccess;
import io.eksnet.agent.Environment;
import io.eksnet.agent.Prober;
import io.eksnet.agent.Role;
import io.eksnet.agent.plan.AssignedTasks;
import io.eksnet.controller.ControlLoop;
import io.eksnet.probe.http.ProxyEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The program itself, in this process, over a config file of the test's and on a free port. */
public final class Program implements AutoCloseable {
  private final Path config;
  private final Prober prober;

  private Program(Path config, Prober prober) {
    this.config = config;
    this.prober = prober;
  }

  /** Starts it over {@code yaml}, with an empty resolv.conf unless the directory has one. */
  static Program start(Path directory, String yaml) throws IOException {
    Files.writeString(directory.resolve("eksnet.yaml"), yaml);
    return start(directory, Duration.ofMillis(200), Duration.ofMinutes(1));
  }

  /** Starts it over the {@code eksnet.yaml} of the directory. */
  static Program start(Path directory, Duration autoReload, Duration grace) throws IOException {
    var options = new Options();
    options.configFiles = List.of(directory.resolve("eksnet.yaml"));
    options.listenAddress = "127.0.0.1:0";
    options.enableLifecycle = true;
    options.autoReloadInterval = autoReload;
    return new Program(
        directory.resolve("eksnet.yaml"),
        Prober.start(
            Role.STANDALONE,
            Optional.of(ControlLoop::create),
            AssignedTasks::of,
            options.prober(),
            environment(directory),
            grace));
  }

  public static Environment environment(Path directory) throws IOException {
    var resolvConf = directory.resolve("resolv.conf");
    if (!Files.exists(resolvConf)) {
      Files.writeString(resolvConf, "nameserver 127.0.0.1\n");
    }
    var hosts = directory.resolve("hosts");
    if (!Files.exists(hosts)) {
      Files.writeString(hosts, "127.0.0.1 shop.lab.test\n");
    }
    return new Environment(
        "node-a",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "eksnet-a",
        Optional.empty(),
        "eksnet",
        false,
        directory.resolve("kubeconfig"),
        AwsAccess.of(Map.of()),
        resolvConf,
        hosts,
        ProxyEnvironment.NONE,
        Map.of());
  }

  Path config() {
    return config;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + prober.port() + path);
  }

  ExpositionSamples metrics() throws Exception {
    return ExpositionSamples.parse(Part.get(uri("/metrics")));
  }

  @Override
  public void close() {
    prober.close();
  }
}
