package io.eksnet.app;

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
      return options.check(spec.commandLine().getOut());
    }
    var prober =
        Prober.start(role, options, WebConfigFile.read(options.webConfigFile), surroundings);
    Runtime.getRuntime().addShutdownHook(new Thread(prober::close, "drain"));
    Signals.onHangup(prober::reload);
    new CountDownLatch(1).await();
    return 0;
  }
}
