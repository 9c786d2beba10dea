package io.eksnet.cli;

import io.eksnet.agent.ConfigFile;
import io.eksnet.agent.ProberOptions;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.agent.WebConfigFile;
import io.eksnet.probe.ProbeKinds;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of all commands. */
public final class Options {
  @Option(
      names = "--config.file",
      paramLabel = "PATH",
      description = "The YAML file to read. Without one, everything has its default.")
  @Nullable
  public Path configFile;

  @Option(
      names = "--config.check",
      description = "Check the files named by the flags and exit: 0 if all is well, 1 if not.")
  boolean configCheck;

  @Option(
      names = "--config.auto-reload-interval",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description =
          "How often to look whether the config file changed (default: ${DEFAULT-VALUE}); 0s: never.")
  Duration autoReloadInterval = Duration.ofSeconds(30);

  @Option(
      names = "--web.listen-address",
      paramLabel = "ADDRESS",
      defaultValue = ":9853",
      description = "Where to listen, as HOST:PORT or :PORT (default: ${DEFAULT-VALUE}).")
  public String listenAddress = ":9853";

  @Option(
      names = "--web.config.file",
      paramLabel = "PATH",
      description =
          "TLS, client certificates and basic auth, in the format of the Prometheus exporter toolkit.")
  @Nullable Path webConfigFile;

  @Option(
      names = "--web.external-url",
      paramLabel = "URL",
      description =
          "The URL under which users reach the pages, as through a proxy: their canonical link.")
  @Nullable URI externalUrl;

  @Option(names = "--web.enable-lifecycle", description = "Allow POST /-/reload.")
  boolean enableLifecycle;

  @Option(
      names = "--log.level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "debug, info, warn or error (default: ${DEFAULT-VALUE}).")
  Logs.Level logLevel = Logs.Level.INFO;

  @Option(
      names = "--log.format",
      paramLabel = "FORMAT",
      defaultValue = "logfmt",
      description = "logfmt or json (default: ${DEFAULT-VALUE}).")
  Logs.Format logFormat = Logs.Format.LOGFMT;

  /** The exit code of a check: files that are not good are a {@link StartException}. */
  int check(PrintWriter out) {
    var file = new ConfigFile(configFile, ProbeKinds.byName());
    ProberRuntime.settings(file);
    WebConfigFile.read(webConfigFile);
    out.println(file.name() + ": valid");
    out.flush();
    return 0;
  }

  public ProberOptions prober() {
    return new ProberOptions(
        configFile,
        autoReloadInterval,
        listenAddress,
        webConfigFile,
        Optional.ofNullable(externalUrl),
        enableLifecycle);
  }
}
