package io.eksnet.app;

import io.eksnet.probe.ProbeKinds;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs until a signal ends it; a SIGTERM is drained and ends with 143, as the JVM does. */
@Command(mixinStandardHelpOptions = true, versionProvider = Main.Version.class)
final class RunCommand implements Callable<Integer> {
  private final Role role;
  private final Surroundings surroundings;

  @Mixin private Options options = new Options();

  @Spec private CommandSpec spec = CommandSpec.create();

  RunCommand(Role role, Surroundings surroundings) {
    this.role = role;
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logs.configure(options.logLevel, options.logFormat);
    if (options.configCheck) {
      return check();
    }
    var prober =
        Prober.start(role, options, WebConfigFile.read(options.webConfigFile), surroundings);
    Runtime.getRuntime().addShutdownHook(new Thread(prober::close, "drain"));
    Signals.onHangup(prober::reload);
    new CountDownLatch(1).await();
    return 0;
  }

  private int check() {
    var file = new ConfigFile(options.configFile, ProbeKinds.byName());
    Ground.settings(file);
    WebConfigFile.read(options.webConfigFile);
    spec.commandLine().getOut().println(file.name() + ": valid");
    spec.commandLine().getOut().flush();
    return 0;
  }
}
