package io.eksnet.app;

import io.eksnet.config.Settings;
import io.eksnet.core.Observation;
import io.eksnet.core.Outcome.NotRun;
import io.eksnet.core.Task;
import io.eksnet.engine.Engine;
import io.eksnet.engine.Pulse;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs everything once and says what is broken. */
@Command(
    name = "doctor",
    description =
        "Runs every probe once, prints what it found, and exits 1 if something is broken.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DoctorCommand implements Callable<Integer> {
  enum Output {
    TABLE,
    JSON
  }

  private static final int AT_ONCE = 16;

  /** A run that met a stall of the prober is repeated. */
  private static final int TRIES = 5;

  private final Surroundings surroundings;

  @Mixin private Options options = new Options();

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE}).")
  private Output output = Output.TABLE;

  @Spec private CommandSpec spec = CommandSpec.create();

  DoctorCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Exception {
    Logs.configure(options.logLevel, options.logFormat);
    try (var ground = Ground.prepare(surroundings)) {
      var settings = Ground.settings(new ConfigFile(options.configFile, ground.kinds()));
      var checkup = new Checkup(run(ground, settings));
      var out = spec.commandLine().getOut();
      out.print(
          output == Output.JSON
              ? checkup.json().encodePrettily() + "\n"
              : checkup.table(Ansi.AUTO.enabled()));
      out.flush();
      return checkup.broken() ? 1 : 0;
    }
  }

  /**
   * Two rounds, and the second counts: in the first, a JVM that has just started measures itself.
   */
  private static List<Checkup.Check> run(Ground ground, Settings settings) {
    var engine =
        new Engine(
            ground.network(),
            task -> ground.network(),
            Clock.systemUTC(),
            ground.runnable(),
            AT_ONCE,
            settings.limits().stall(),
            observation -> {},
            Pulse.UNHEARD);
    var tasks = Ground.await(ground.plan(settings)).tasks();
    round(engine, tasks);
    return round(engine, tasks);
  }

  private static List<Checkup.Check> round(Engine engine, List<Task> tasks) {
    var checks = new ArrayList<Checkup.Check>();
    for (var from = 0; from < tasks.size(); from += AT_ONCE) {
      var slice = tasks.subList(from, Math.min(from + AT_ONCE, tasks.size()));
      slice.stream()
          .map(task -> trusted(engine, task, TRIES))
          .toList()
          .forEach(run -> checks.add(Checkup.Check.of(Ground.await(run))));
    }
    return checks;
  }

  private static Future<Observation> trusted(Engine engine, Task task, int tries) {
    return engine
        .once(task)
        .compose(
            seen ->
                seen.outcome() instanceof NotRun && tries > 1
                    ? trusted(engine, task, tries - 1)
                    : Future.succeededFuture(seen));
  }
}
