package io.eksnet.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
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
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Parses YAML 1.2 to nodes with their positions, bounded in size and depth. All scalars stay text:
 * the type of the setting decides what they mean.
 */
public final class YamlParser {
  private static final int MAX_LENGTH = 8 * 1024 * 1024;
  private static final int MAX_DEPTH = 32;
  private static final int MAX_ALIASES = 1_000;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setLabel("config")
          .setSchema(new FailsafeSchema())
          .setCodePointLimit(MAX_LENGTH + 1)
          .setAllowNonScalarKeys(true)
          .setMaxAliasesForCollections(MAX_ALIASES)
          .build();

  private YamlParser() {}

  /** The root of the one document; an empty mapping if the file is empty. */
  static ConfigNode parse(ConfigSource source) throws InvalidConfigException {
    return new ConfigNode(source, root(source), "");
  }

  /**
   * A mapping without a settings record, as maps, lists and text.
   *
   * @throws IllegalArgumentException if the text is no YAML or no mapping
   */
  public static Map<String, Object> parseMap(String yaml) {
    try {
      var root = root(new ConfigSource("yaml", yaml, Path.of("")));
      if (root instanceof MappingNode mapping) {
        return map(mapping);
      }
      throw new IllegalArgumentException("the YAML is not a mapping but a " + root.getNodeType());
    } catch (InvalidConfigException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * A value of the program itself, such as a default, as maps, lists, text, numbers, booleans and
   * null.
   *
   * @param asText whether {@code 10} and {@code true} are text
   */
  public static @Nullable Object parseValue(String yaml, boolean asText) {
    var schema = asText ? new FailsafeSchema() : new CoreSchema();
    return new Load(LoadSettings.builder().setSchema(schema).build()).loadFromString(yaml);
  }

  static MappingNode emptyMapping() {
    return new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);
  }

  private static Node root(ConfigSource source) throws InvalidConfigException {
    if (source.yaml().length() > MAX_LENGTH) {
      throw invalid(
          Location.startOf(source.name()),
          "the file is longer than " + MAX_LENGTH + " characters; split it over several agents");
    }
    try {
      var parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, source.yaml()));
      return new Composer(SETTINGS, new DepthLimit(parser))
          .getSingleNode()
          .orElseGet(YamlParser::emptyMapping);
    } catch (ReaderException e) {
      throw invalidCharacter(source, e);
    } catch (TooDeepException e) {
      throw invalid(
          location(source, e.getProblemMark()),
          "lists and mappings are nested deeper than " + MAX_DEPTH + " levels; nest less");
    } catch (ComposerException e) {
      throw e.getProblem().contains("another document")
          ? invalid(
              location(source, e.getProblemMark()),
              "a config is one document; remove this one and its \"---\"")
          : syntaxError(source, e);
    } catch (MarkedYamlEngineException e) {
      throw syntaxError(source, e);
    } catch (YamlEngineException e) {
      throw invalid(Location.startOf(source.name()), "not YAML: " + e.getMessage());
    }
  }

  private static InvalidConfigException syntaxError(
      ConfigSource source, MarkedYamlEngineException e) {
    return invalid(
        location(source, e.getProblemMark()), remedy(e.getProblem().strip(), e.getContext()));
  }

  private static String remedy(String problem, @Nullable String context) {
    if (problem.contains("(TAB)")) {
      return "not YAML: indented with a tab; use spaces";
    }
    if (problem.startsWith("mapping values are not allowed")) {
      return "not YAML: a colon and a space within a value; put the value in quotes";
    }
    return ("not YAML: " + problem + " " + (context == null ? "" : context)).strip();
  }

  private static InvalidConfigException invalidCharacter(ConfigSource source, ReaderException e) {
    var text = source.yaml();
    var before = text.substring(0, Math.min(text.length(), Math.max(0, e.getPosition())));
    var line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    var column = before.length() - before.lastIndexOf('\n');
    return invalid(
        new Location(source.name(), line, column, ""),
        String.format("not YAML: the character U+%04X; remove it", e.getCodePoint()));
  }

  private static Location location(ConfigSource source, Optional<Mark> mark) {
    return mark.map(m -> new Location(source.name(), m.getLine() + 1, m.getColumn() + 1, ""))
        .orElseGet(() -> Location.startOf(source.name()));
  }

  private static InvalidConfigException invalid(Location location, String message) {
    return new InvalidConfigException(List.of(new Problem(location, message)));
  }

  private static Map<String, Object> map(MappingNode mapping) {
    var map = new LinkedHashMap<String, Object>();
    for (var entry : mapping.getValue()) {
      map.put(String.valueOf(value(entry.getKeyNode())), value(entry.getValueNode()));
    }
    return map;
  }

  private static Object value(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    } else if (node instanceof SequenceNode sequence) {
      List<Object> list = new ArrayList<>();
      sequence.getValue().forEach(element -> list.add(value(element)));
      return list;
    }
    return map((MappingNode) node);
  }

  /** Stops before the composer, which recurses at every level, overflows the stack. */
  private static final class DepthLimit implements Parser {
    private final Parser parser;
    private int depth;

    DepthLimit(Parser parser) {
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
      if (depth > MAX_DEPTH) {
        throw new TooDeepException(event.getStartMark());
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

  private static final class TooDeepException extends MarkedYamlEngineException {
    private static final long serialVersionUID = 1;

    TooDeepException(Optional<Mark> mark) {
      super("", mark, "too deep", mark);
    }
  }
}
