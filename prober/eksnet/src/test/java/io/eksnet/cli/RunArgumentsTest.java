package io.eksnet.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.agent.Role;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;

class RunArgumentsTest {
  /** Arguments, then variables of the environment. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent |",
        "controller --config.file=/etc/eksnet/eksnet.yaml |",
        "standalone --config.file=a.yaml --config.file=conf.d/*.yaml |",
        "agent --config.file=a=b.yaml |",
        "agent --web.listen-address=[::1]:9853 --web.enable-lifecycle |",
        "agent --web.config.file=web.yaml --web.external-url=https://eksnet.example/a?b=c#d |",
        "agent --config.auto-reload-interval=1m30s --log.level=Debug --log.format=JSON |",
        "agent --config.auto-reload-interval=0s |",
        "agent | EKSNET_CONFIG_FILE=a.yaml EKSNET_LOG_LEVEL=warn EKSNET_LOG_FORMAT=json",
        "agent --config.file=b.yaml --log.level=error | EKSNET_CONFIG_FILE=a.yaml EKSNET_LOG_LEVEL=x",
        "agent | EKSNET_WEB_CONFIG_FILE=w EKSNET_WEB_EXTERNAL_URL=http://h/ EKSNET_WEB_LISTEN_ADDRESS=:1",
        "agent | EKSNET_CONFIG_AUTO_RELOAD_INTERVAL=5s EKSNET_UNKNOWN=x",
      })
  void readsWhatPicocliReads(String line) {
    var arguments = arguments(line);
    var environment = environment(line);

    var read = RunArguments.of(environment, arguments).orElseThrow();

    var parsed = RootCommand.line(environment).parseArgs(arguments);
    assertThat(read.role())
        .isEqualTo(Role.valueOf(arguments[0].toUpperCase(java.util.Locale.ROOT)));
    assertThat(read.options()).usingRecursiveComparison().isEqualTo(options(parsed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "|",
        "--help |",
        "agents |",
        "doctor |",
        "config check a.yaml |",
        "--version agent |",
        "agent --help |",
        "agent -V |",
        "agent --config.check |",
        "agent --config.file |",
        "agent --config.file a.yaml |",
        "agent --config.file= |",
        "agent --web.listen-address |",
        "agent --log.level=loud |",
        "agent --log.level=info --log.level=info |",
        "agent --web.enable-lifecycle --web.enable-lifecycle |",
        "agent --web.enable-lifecycle=true |",
        "agent --config.auto-reload-interval=30 |",
        "agent --web.external-url=:// |",
        "agent --unknown=1 |",
        "agent @arguments |",
        "agent -- --log.level=info |",
        "agent controller |",
        "agent | EKSNET_LOG_LEVEL=loud",
        "agent | EKSNET_LOG_LEVEL=",
        "agent | EKSNET_CONFIG_FILE=${HOME}/a.yaml",
        "agent | EKSNET_CONFIG_FILE=_NULL_",
        "agent | EKSNET_CONFIG_CHECK=true",
        "agent | EKSNET_WEB_ENABLE_LIFECYCLE=true",
        "agent | EKSNET_HELP=true",
      })
  void leavesTheRestToPicocli(String line) {
    assertThat(RunArguments.of(environment(line), arguments(line))).isEmpty();
  }

  /** Else a new flag would make every start that uses it slower. */
  @ParameterizedTest
  @CsvSource({"agent", "controller", "standalone"})
  void readsEveryFlag(String command) {
    var declared =
        requireNonNull(RootCommand.line(Map.of()).getSubcommands().get(command))
            .getCommandSpec()
            .options()
            .stream()
            .map(option -> option.longestName())
            .collect(Collectors.toSet());

    var known = new HashSet<>(RunArguments.VALUES.keySet());
    known.add(RunArguments.LIFECYCLE);
    known.addAll(RunArguments.OTHERS);
    assertThat(known).isEqualTo(declared);
  }

  @Test
  void keepsTheDefaults() {
    assertThat(RunArguments.of(Map.of(), "agent").orElseThrow().options())
        .usingRecursiveComparison()
        .isEqualTo(new Options());
  }

  /** The flags of the command of a parsed command line. */
  static Options options(ParseResult parsed) {
    var command = requireNonNull(parsed.subcommand()).commandSpec();
    return (Options) requireNonNull(command.mixins().get("options")).userObject();
  }

  private static String[] arguments(String line) {
    return words(line.substring(0, line.indexOf('|')));
  }

  private static Map<String, String> environment(String line) {
    return Arrays.stream(words(line.substring(line.indexOf('|') + 1)))
        .collect(
            Collectors.toMap(
                word -> word.substring(0, word.indexOf('=')),
                word -> word.substring(word.indexOf('=') + 1)));
  }

  private static String[] words(String text) {
    return text.isBlank() ? new String[0] : text.strip().split(" +");
  }
}
