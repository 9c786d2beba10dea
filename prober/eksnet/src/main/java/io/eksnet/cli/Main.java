package io.eksnet.cli;

import io.eksnet.agent.BuildInfo;
import io.eksnet.agent.Environment;
import io.eksnet.agent.Role;
import io.eksnet.agent.StartException;
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

/** The program. */
@Command(
    name = "eksnet",
    description = "A continuous synthetic prober for the networks of EKS clusters.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "agent|controller|standalone|doctor")
public final class Main implements Runnable {
  /** Bad flags, a bad config, or a start that failed. */
  static final int FAILED = 1;

  @Spec private CommandSpec spec;

  private Main(CommandSpec none) {
    spec = none;
  }

  public static void main(String[] args) {
    System.exit(commandLine(System.getenv()).execute(args));
  }

  static CommandLine commandLine(Map<String, String> environment) {
    var surroundings = Environment.of(environment);
    var line = new CommandLine(new Main(CommandSpec.create()));
    line.addSubcommand("agent", run(Role.AGENT, "Runs the probes of one node.", surroundings));
    line.addSubcommand(
        "controller",
        run(
            Role.CONTROLLER,
            "Reads Kubernetes and AWS, and plans what the agents probe.",
            surroundings));
    line.addSubcommand(
        "standalone",
        run(
            Role.STANDALONE,
            "Runs everything in one process: a laptop, a plain host, the lab.",
            surroundings));
    line.addSubcommand("doctor", new DoctorCommand(surroundings));
    line.registerConverter(Duration.class, Durations::parse);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setDefaultValueProvider(new EnvironmentDefaults(environment));
    line.setParameterExceptionHandler(Main::misused);
    line.setExecutionExceptionHandler(Main::failed);
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "say what to run: agent, controller, standalone or doctor");
  }

  private static CommandLine run(Role role, String summary, Environment surroundings) {
    var line = new CommandLine(new RunCommand(role, surroundings));
    line.getCommandSpec().usageMessage().description(summary);
    return line;
  }

  private static int misused(ParameterException e, String[] args) {
    tell(e.getCommandLine().getErr(), e.getMessage() + " (see eksnet --help)");
    return FAILED;
  }

  private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    tell(line.getErr(), String.valueOf(e instanceof StartException ? e.getMessage() : e));
    return FAILED;
  }

  private static void tell(PrintWriter to, String message) {
    to.println("eksnet: " + message);
    to.flush();
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {BuildInfo.line()};
    }
  }
}
