package io.eksnet.cli;

import io.eksnet.agent.Role;
import io.eksnet.config.Durations;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The arguments of a command that runs, read without picocli. Class archives cannot hold the
 * classes of picocli, which have the format of Java 5, so it takes a quarter of the CPU time of a
 * start. Only arguments without any doubt are read here; picocli reads all others, and has the
 * messages.
 */
record RunArguments(Role role, Options options) {
  /** The flags with a value. */
  static final Map<String, BiConsumer<Options, String>> VALUES =
      Map.of(
          "--config.file",
          (options, value) -> options.configFiles = with(options.configFiles, Path.of(value)),
          "--config.auto-reload-interval",
          (options, value) -> options.autoReloadInterval = Durations.parse(value),
          "--web.listen-address",
          (options, value) -> options.listenAddress = value,
          "--web.config.file",
          (options, value) -> options.webConfigFile = Path.of(value),
          "--web.external-url",
          (options, value) -> options.externalUrl = URI.create(value),
          "--log.level",
          (options, value) -> options.logLevel = Logs.Level.valueOf(upper(value)),
          "--log.format",
          (options, value) -> options.logFormat = Logs.Format.valueOf(upper(value)));

  /** The only flag without a value that is read here. */
  static final String LIFECYCLE = "--web.enable-lifecycle";

  /** Flags that do not run the command. */
  static final Set<String> OTHERS = Set.of("--config.check", "--help", "--version");

  private static final String REPEATABLE = "--config.file";

  /** Of the command line and the environment; empty: picocli must read them. */
  static Optional<RunArguments> of(Map<String, String> environment, String... arguments) {
    var role =
        Arrays.stream(Role.values())
            .filter(one -> arguments.length > 0 && arguments[0].equals(command(one)))
            .findFirst();
    return role.flatMap(
        one ->
            options(environment, List.of(arguments).subList(1, arguments.length))
                .map(options -> new RunArguments(one, options)));
  }

  private static String command(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Options> options(
      Map<String, String> environment, List<String> arguments) {
    var options = new Options();
    var given = new HashSet<String>();
    for (var argument : arguments) {
      var equals = argument.indexOf('=');
      var flag = equals < 0 ? argument : argument.substring(0, equals);
      var isNew = given.add(flag);
      if (!isNew && !flag.equals(REPEATABLE)) {
        return Optional.empty();
      }
      if (argument.equals(LIFECYCLE)) {
        options.enableLifecycle = true;
      } else if (equals < 0 || !set(options, flag, argument.substring(equals + 1))) {
        return Optional.empty();
      }
    }
    return setByEnvironment(options, environment, given) ? Optional.of(options) : Optional.empty();
  }

  private static boolean setByEnvironment(
      Options options, Map<String, String> environment, Set<String> given) {
    if (isIn(environment, LIFECYCLE) || OTHERS.stream().anyMatch(flag -> isIn(environment, flag))) {
      return false;
    }
    return VALUES.keySet().stream()
        .filter(flag -> isIn(environment, flag) && !given.contains(flag))
        .allMatch(flag -> set(options, flag, environment.getOrDefault(Options.variable(flag), "")));
  }

  private static boolean isIn(Map<String, String> environment, String flag) {
    return environment.containsKey(Options.variable(flag));
  }

  /** Picocli expands {@code $} in defaults, and reads some values that begin with _ as null. */
  private static boolean set(Options options, String flag, String value) {
    var setter = VALUES.get(flag);
    if (setter == null || value.isEmpty() || value.startsWith("_") || value.contains("$")) {
      return false;
    }
    try {
      setter.accept(options, value);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<Path> with(List<Path> paths, Path path) {
    var all = new ArrayList<>(paths);
    all.add(path);
    return all;
  }

  private static String upper(String value) {
    return value.toUpperCase(Locale.ROOT);
  }
}
