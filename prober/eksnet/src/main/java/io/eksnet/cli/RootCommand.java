package io.eksnet.cli;

import io.eksnet.agent.BuildInfo;
import io.eksnet.agent.Environment;
import io.eksnet.agent.Role;
import io.eksnet.config.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of eksnet, as picocli reads it. */
@Command(
    name = "eksnet",
    description = "A continuous synthetic prober for the networks of EKS clusters.",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class,
    synopsisSubcommandLabel =
        "agent|controller|standalone|doctor|findings|incidents|explain|config|completion|version")
final class RootCommand implements Runnable {
  @Spec private CommandSpec spec;

  private RootCommand(CommandSpec none) {
    spec = none;
  }

  static CommandLine line(Map<String, String> environment) {
    var processEnvironment = Environment.of(environment);
    var line = new CommandLine(new RootCommand(CommandSpec.create()));
    line.addSubcommand("agent", run(Role.AGENT, "Run the probes of one node.", processEnvironment));
    line.addSubcommand(
        "controller",
        run(
            Role.CONTROLLER,
            "Read Kubernetes and AWS, plan the probes of all agents, and diagnose.",
            processEnvironment));
    line.addSubcommand(
        "standalone",
        run(
            Role.STANDALONE,
            "Run agent and controller in one process: on a laptop, a host, or in the lab.",
            processEnvironment));
    line.addSubcommand("doctor", new DoctorCommand(processEnvironment));
    line.addSubcommand("findings", new FindingsCommand());
    line.addSubcommand("incidents", new IncidentsCommand());
    line.addSubcommand("explain", new ExplainCommand());
    line.addSubcommand("config", new ConfigCommand(processEnvironment));
    line.addSubcommand("completion", new CompletionCommand());
    line.addSubcommand("version", new VersionCommand());
    line.registerConverter(Duration.class, Durations::parse);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setDefaultValueProvider(new EnvironmentDefaults(environment));
    line.setParameterExceptionHandler(RootCommand::onInvalidFlag);
    line.setExecutionExceptionHandler(RootCommand::onError);
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "missing command: agent, controller, standalone, doctor, findings, incidents, explain,"
            + " config, completion or version");
  }

  private static CommandLine run(Role role, String summary, Environment processEnvironment) {
    var line = new CommandLine(new RunCommand(role, processEnvironment));
    line.getCommandSpec().usageMessage().description(summary);
    return line;
  }

  private static int onInvalidFlag(ParameterException e, String[] args) {
    print(e.getCommandLine().getErr(), e.getMessage() + " (see eksnet --help)");
    return Main.FAILED;
  }

  private static int onError(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    print(line.getErr(), Main.message(e));
    return Main.FAILED;
  }

  private static void print(PrintWriter to, String message) {
    to.println(Main.PREFIX + message);
    to.flush();
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {BuildInfo.line()};
    }
  }
}
