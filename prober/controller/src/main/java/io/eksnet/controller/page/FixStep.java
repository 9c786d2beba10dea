package io.eksnet.controller.page;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A step of a fix.
 *
 * @param text what to do; empty if there is only a command
 * @param command of {@code kubectl} or {@code aws}, which a person may copy; eksnet never runs it
 * @param note what to look for in its output; empty: nothing
 */
public record FixStep(String text, Optional<Command> command, String note) {
  /**
   * A command line.
   *
   * @param changes whether it changes the cluster or the account; else it only reads
   */
  public record Command(String line, boolean changes) {
    private static final Set<String> READS_OF_KUBECTL =
        Set.of("get", "describe", "logs", "top", "explain", "events", "version");
    private static final Pattern READS_OF_AWS = Pattern.compile("(describe|get|list|lookup)-.+");
    private static final Set<String> OPTIONS_WITH_VALUE = Set.of("-n", "--namespace", "--context");

    static Command of(String line) {
      return new Command(line, !readsOnly(List.of(line.split(" "))));
    }

    private static boolean readsOnly(List<String> words) {
      if (words.get(0).equals("aws")) {
        return words.size() > 2 && READS_OF_AWS.matcher(words.get(2)).matches();
      }
      var i = 1;
      while (i < words.size() && words.get(i).startsWith("-")) {
        i += OPTIONS_WITH_VALUE.contains(words.get(i)) ? 2 : 1;
      }
      return i < words.size() && READS_OF_KUBECTL.contains(words.get(i));
    }

    String effect() {
      return changes ? "changes something" : "reads only";
    }
  }

  /** A command starts a step or follows a colon and a space, and ends with the step or there. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:(?<text>.*): )?(?<command>(?:kubectl|aws) (?:(?!: ).)*)(?:: (?<note>.*))?");

  /** Words of sentences, such as "kubectl uncordon the nodes, or add nodes". */
  private static final Pattern PROSE = Pattern.compile(".*(, | (the|a|of|or|and|each|its) ).*");

  /** Parses a step of a finding, such as {@code check the rule: aws ec2 describe-… : text}. */
  public static FixStep of(String step) {
    var match = COMMAND.matcher(step);
    if (!match.matches() || PROSE.matcher(match.group("command")).matches()) {
      return new FixStep(PageText.capital(step), Optional.empty(), "");
    }
    return new FixStep(
        sentence(match.group("text")),
        Optional.of(Command.of(match.group("command").strip())),
        sentence(match.group("note")));
  }

  private static String sentence(@Nullable String clause) {
    if (clause == null || clause.isBlank()) {
      return "";
    }
    var text = PageText.capital(clause.strip());
    return text.endsWith(".") ? text : text + ".";
  }
}
