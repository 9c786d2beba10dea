package io.eksnet.cli;

import io.eksnet.agent.ConfigFile;
import io.eksnet.agent.Environment;
import io.eksnet.agent.ProberOptions;
import io.eksnet.agent.ProberRuntime;
import io.eksnet.agent.StartException;
import io.eksnet.agent.WebConfigFile;
import io.eksnet.probe.ProbeKinds;
import io.eksnet.probe.api.ProbeKind;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags that all commands have. */
public final class Options {
  @Option(
      names = "--config.file",
      paramLabel = "PATH",
      description =
          "A YAML config file, or a glob such as 'conf.d/*.yaml'; can be repeated. Without it, all"
              + " settings have their defaults.")
  public List<Path> configFiles = List.of();

  @Option(
      names = "--config.check",
      description = "Check the config files and exit: 0 if they are valid, 1 if not.")
  boolean configCheck;

  @Option(
      names = "--config.auto-reload-interval",
      paramLabel = "DURATION",
      defaultValue = "30s",
      description =
          "How often to check the config file for changes (default: ${DEFAULT-VALUE}); 0s turns it off.")
  Duration autoReloadInterval = Duration.ofSeconds(30);

  @Option(
      names = "--web.listen-address",
      paramLabel = "ADDRESS",
      defaultValue = ":9853",
      description = "Address to listen on, as HOST:PORT or :PORT (default: ${DEFAULT-VALUE}).")
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
      description = "URL under which users reach the status page, for example behind a proxy.")
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

  /** The exit code of a check; throws {@link StartException} if a file is invalid. */
  int check(PrintWriter out, Environment environment) {
    var kinds = ProbeKinds.byName();
    var file = new ConfigFile(configFiles, kinds, environment.variables());
    var settings = ProberRuntime.settings(file);
    var ofProbes =
        settings.probes().stream()
            .flatMap(
                probe ->
                    fileProblem(kinds.get(probe.kind()), probe.settings()).stream()
                        .map(text -> "probe \"" + probe.name() + "\": " + text));
    var ofModules =
        settings.probeResources().modules().entrySet().stream()
            .flatMap(
                module ->
                    fileProblem(kinds.get(module.getValue().kind()), module.getValue().settings())
                        .stream()
                        .map(text -> "module \"" + module.getKey() + "\": " + text));
    var problems =
        Stream.concat(ofProbes, ofModules).map(text -> file.name() + ": " + text).toList();
    if (!problems.isEmpty()) {
      throw new StartException("the config is invalid\n" + String.join("\n", problems));
    }
    WebConfigFile.read(webConfigFile);
    out.println(file.name() + ": valid");
    out.flush();
    return 0;
  }

  /** Running probes report these as not run, as files may be replaced one after the other. */
  private static <S extends Record> Optional<String> fileProblem(
      @Nullable ProbeKind<S> kind, Record settings) {
    return kind == null ? Optional.empty() : kind.fileProblem(kind.settings().cast(settings));
  }

  /** The environment variable of a flag. */
  static String variable(String flag) {
    var words = flag.substring("--".length()).replace('.', '_').replace('-', '_');
    return "EKSNET_" + words.toUpperCase(Locale.ROOT);
  }

  public ProberOptions prober() {
    return new ProberOptions(
        configFiles,
        autoReloadInterval,
        listenAddress,
        webConfigFile,
        Optional.ofNullable(externalUrl),
        enableLifecycle);
  }
}
