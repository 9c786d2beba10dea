package io.eksnet.lab.world;

/** The lab with eksnet beside it: {@code make run}. */
public final class LabMain {
  private LabMain() {}

  /** Runs until eksnet ends or a signal arrives; exits with the status of eksnet. */
  public static void main(String[] args) {
    LabOptions.run("lab", LabMain::run, args);
  }

  private static int run(LabOptions options) throws Exception {
    try (var environment = LabEnvironment.start(options)) {
      if (environment.awaitReady()) {
        System.out.printf(
            "%nThe lab is running, and eksnet probes it.%n%n%s%n%s%nPress Ctrl-C to stop.%n",
            environment.describe(), environment.cluster().describe().indent(2));
        options.scenario().ifPresent(environment.cluster().scenarios()::play);
      }
      return environment.awaitEnd();
    }
  }
}
