package io.eksnet.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Sets flags by environment variables: EKSNET_CONFIG_FILE is {@code --config.file}. */
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
  EnvironmentDefaults {
    environment = Map.copyOf(environment);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    return arg instanceof OptionSpec option
        ? environment.get(Options.variable(option.longestName()))
        : null;
  }
}
