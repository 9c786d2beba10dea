package io.eksnet.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ComposerException;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * YAML text as nodes that know their place; bounded in size and depth. Plain words stay words: the
 * record decides what they mean.
 */
final class YamlTree {
  static final int LONGEST = 8 * 1024 * 1024;
  static final int DEEPEST = 32;
  private static final int MOST_ALIASES = 1_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setLabel("config")
          .setSchema(new FailsafeSchema())
          .setCodePointLimit(LONGEST + 1)
          .setAllowNonScalarKeys(true)
          .setMaxAliasesForCollections(MOST_ALIASES)
          .build();

  private YamlTree() {}

  /** The text is not one YAML document. */
  static final class Unreadable extends Exception {
    private final transient Problem problem;

    Unreadable(Problem problem) {
      super(problem.text());
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }

  /** The root of the one document in {@code text}; an empty mapping if it says nothing. */
  static Node of(String text) throws Unreadable {
    if (text.length() > LONGEST) {
      throw new Unreadable(
          start(
              "the file is longer than " + LONGEST + " characters; split it over several agents"));
    }
    try {
      var parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
      return new Composer(SETTINGS, new Shallow(parser)).getSingleNode().orElseGet(YamlTree::empty);
    } catch (ReaderException e) {
      throw new Unreadable(unprintable(text, e));
    } catch (TooDeep e) {
      throw new Unreadable(
          at(
              e.getProblemMark(),
              "lists and mappings nest deeper than " + DEEPEST + " levels; no config needs that"));
    } catch (ComposerException e) {
      throw new Unreadable(composition(e));
    } catch (MarkedYamlEngineException e) {
      throw new Unreadable(syntax(e));
    } catch (YamlEngineException e) {
      throw new Unreadable(start("not YAML: " + e.getMessage()));
    }
  }

  static MappingNode empty() {
    return new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
  }

  private static Problem composition(ComposerException e) {
    return e.getProblem().contains("another document")
        ? at(e.getProblemMark(), "a config is one document; remove this one and its \"---\"")
        : syntax(e);
  }

  private static Problem syntax(MarkedYamlEngineException e) {
    return at(e.getProblemMark(), remedy(e.getProblem().strip(), e.getContext()));
  }

  private static String remedy(String problem, @Nullable String context) {
    if (problem.contains("(TAB)")) {
      return "not YAML: a tab cannot indent; use spaces";
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return "not YAML: a colon and a space within a value; put the value in quotes";
    }
    return ("not YAML: " + problem + " " + (context == null ? "" : context)).strip();
  }

  private static Problem unprintable(String text, ReaderException e) {
    var before = text.substring(0, Math.min(text.length(), Math.max(0, e.getPosition())));
    var line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    var column = before.length() - before.lastIndexOf('\n');
    return new Problem(
        line,
        column,
        "",
        String.format("not YAML: the character U+%04X; remove it", e.getCodePoint()));
  }

  private static Problem at(Optional<Mark> mark, String message) {
    return mark.map(m -> new Problem(m.getLine() + 1, m.getColumn() + 1, "", message))
        .orElseGet(() -> start(message));
  }

  private static Problem start(String message) {
    return new Problem(1, 1, "", message);
  }

  /** Stops before the composer, which calls itself at every level, runs out of stack. */
  private static final class Shallow implements Parser {
    private final Parser parser;
    private int depth;

    Shallow(Parser parser) {
      this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID id) {
      return parser.checkEvent(id);
    }

    @Override
    public Event peekEvent() {
      return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
      return parser.hasNext();
    }

    @Override
    public Event next() {
      var event = parser.next();
      depth += step(event.getEventId());
      if (depth > DEEPEST) {
        throw new TooDeep(event.getStartMark());
      }
      return event;
    }

    private static int step(Event.ID id) {
      return switch (id) {
        case MappingStart, SequenceStart -> 1;
        case MappingEnd, SequenceEnd -> -1;
        default -> 0;
      };
    }
  }

  private static final class TooDeep extends MarkedYamlEngineException {
    TooDeep(Optional<Mark> mark) {
      super("", mark, "too deep", mark);
    }
  }
}
