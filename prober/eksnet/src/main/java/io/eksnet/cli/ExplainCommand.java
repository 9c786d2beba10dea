package io.eksnet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import io.eksnet.agent.StartException;
import io.eksnet.model.diagnosis.RootCause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that prints what a cause means and how to repair it. */
@Command(
    name = "explain",
    description = "Print what a cause means and its part of the runbook, or list all causes.",
    mixinStandardHelpOptions = true,
    versionProvider = RootCommand.Version.class)
final class ExplainCommand implements Callable<Integer> {
  private static final int MAX_SUGGESTIONS = 5;
  private static final String RUNBOOK = "EksNetDiagnosis.md";

  @Parameters(
      arity = "0..1",
      paramLabel = "CAUSE",
      description = "A cause, such as coredns_not_ready.")
  private @Nullable String cause;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    if (cause == null) {
      Arrays.stream(RootCause.values())
          .forEach(one -> out.printf("%-36s %s%n", one.label(), one.meaning()));
    } else {
      out.print(explanation(find(cause)));
    }
    out.flush();
    return 0;
  }

  private static String explanation(RootCause cause) {
    return """
        # %s

        Layer: %s. Rules: %s.

        %s
        """
        .formatted(cause.label(), cause.layer().label(), cause.rules(), section(cause));
  }

  private static RootCause find(String name) {
    var wanted = name.toLowerCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(RootCause.values())
        .filter(one -> one.label().equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new StartException(
                    "unknown cause \"%s\"%s; eksnet explain lists all"
                        .formatted(name, suggestion(wanted))));
  }

  /** The causes that share the most words. */
  private static String suggestion(String wanted) {
    var words = Set.copyOf(Arrays.asList(wanted.split("_")));
    var byShared =
        Arrays.stream(RootCause.values())
            .map(RootCause::label)
            .collect(groupingBy(label -> shared(words, label), TreeMap::new, toList()));
    var best = byShared.lastEntry();
    return best.getKey() == 0
        ? ""
        : "; did you mean "
            + best.getValue().stream().limit(MAX_SUGGESTIONS).collect(joining(", "))
            + "?";
  }

  private static long shared(Set<String> words, String label) {
    return Arrays.stream(label.split("_")).filter(words::contains).count();
  }

  /** From the heading of the cause to the next one. */
  private static String section(RootCause cause) {
    var lines = runbook().lines().toList();
    var start = lines.indexOf("### `" + cause.label() + "`");
    if (start < 0) {
      throw new IllegalStateException(RUNBOOK + " has no section " + cause.label());
    }
    return String.join(
            "\n",
            lines.stream()
                .skip(start + 1L)
                .takeWhile(line -> !line.startsWith("### ") && !line.startsWith("## "))
                .toList())
        .strip();
  }

  private static String runbook() {
    try (var in = ExplainCommand.class.getResourceAsStream(RUNBOOK)) {
      if (in == null) {
        throw new IllegalStateException(RUNBOOK + " is not in the distribution");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
