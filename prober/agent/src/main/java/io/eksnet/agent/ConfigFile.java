package io.eksnet.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.eksnet.config.BoundedFile;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.ConfigSource;
import io.eksnet.config.FileCheck;
import io.eksnet.config.FileReference;
import io.eksnet.config.Location;
import io.eksnet.config.Problem;
import io.eksnet.model.KindSpec;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The config files. The methods read from disk and may block. */
public final class ConfigFile {
  private static final String NO_FILE = "(no config file)";

  /** More than the parser accepts, so that its error names the limit. */
  private static final int MAX_BYTES = 9 << 20;

  /** A file that is being replaced is empty for a moment. */
  private static final String EMPTY =
      "the file has become empty, which would remove its probes; write {} or delete it";

  private final List<Path> patterns;
  private final Map<String, ? extends KindSpec<?>> kinds;
  private final Map<String, String> environment;
  private @Nullable List<ConfigSource> lastContent;

  /** The files of the last valid content that were not empty. */
  private Set<String> filled = Set.of();

  private List<FileReference> references = List.of();
  private List<Problem> unreadable = List.of();

  /**
   * @param patterns paths, the last part of each may be a glob; empty: all settings have their
   *     defaults
   * @param environment the variables that {@code ${env:NAME}} in a value refers to
   */
  public ConfigFile(
      List<Path> patterns,
      Map<String, ? extends KindSpec<?>> kinds,
      Map<String, String> environment) {
    this.patterns = List.copyOf(patterns);
    this.kinds = kinds;
    this.environment = Map.copyOf(environment);
  }

  /** Reads the files, and checks that the files they name can be read. */
  synchronized ConfigResult read() {
    List<ConfigSource> content;
    try {
      content = content();
    } catch (IOException e) {
      lastContent = null;
      var start = new Location(name(), 1, 1, "");
      return new ConfigResult.Invalid(
          List.of(new Problem(start, "the file cannot be read: " + reason(e))));
    }
    lastContent = content;
    references = List.of();
    unreadable = List.of();
    var emptied =
        content.stream()
            .filter(source -> isEmpty(source) && filled.contains(source.name()))
            .map(source -> new Problem(new Location(source.name(), 1, 1, ""), EMPTY))
            .toList();
    if (!emptied.isEmpty()) {
      return new ConfigResult.Invalid(emptied);
    }
    var result = ConfigReader.read(content, kinds, environment);
    if (result instanceof ConfigResult.Valid valid) {
      references = valid.files();
      unreadable = FileCheck.unreadable(references);
      if (!unreadable.isEmpty()) {
        return new ConfigResult.Invalid(unreadable);
      }
      filled =
          content.stream()
              .filter(source -> !isEmpty(source))
              .map(ConfigSource::name)
              .collect(Collectors.toUnmodifiableSet());
    }
    return result;
  }

  /**
   * Whether reading again may give another result. Content is compared, not modification times or
   * inodes: that detects the swapped symlinks of a mounted ConfigMap, and ignores a touch. Files
   * that it names and that could not be read are tried again.
   */
  synchronized boolean changed() {
    if (patterns.isEmpty()) {
      return false;
    }
    try {
      return !content().equals(lastContent)
          || (!unreadable.isEmpty() && !unreadable.equals(FileCheck.unreadable(references)));
    } catch (IOException e) {
      return lastContent != null;
    }
  }

  /** The paths in messages, as the user wrote them. */
  public String name() {
    return patterns.isEmpty()
        ? NO_FILE
        : patterns.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  /** All problems, one per line. */
  static String text(List<Problem> problems) {
    return problems.stream().map(Problem::text).collect(Collectors.joining("\n"));
  }

  /** At least one: without a file, an empty one. */
  private List<ConfigSource> content() throws IOException {
    if (patterns.isEmpty()) {
      return List.of(new ConfigSource(NO_FILE, "", Path.of("")));
    }
    var content = new ArrayList<ConfigSource>();
    for (var path : ConfigPaths.expand(patterns)) {
      content.add(
          new ConfigSource(
              path.toString(),
              new String(new BoundedFile(path, MAX_BYTES).read(), UTF_8),
              directory(path)));
    }
    return content;
  }

  /** Relative paths in a file start at its own directory, not at the working directory. */
  private static Path directory(Path file) {
    var parent = file.toAbsolutePath().getParent();
    return parent == null ? Path.of("") : parent;
  }

  /** Whether it holds nothing but comments and blank lines. */
  private static boolean isEmpty(ConfigSource source) {
    return source
        .yaml()
        .lines()
        .map(String::strip)
        .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.equals("---"));
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getReason() == null
          ? missing.getFile() + " does not exist"
          : missing.getReason();
    }
    return e instanceof AccessDeniedException denied
        ? "permission denied for " + denied.getFile()
        : String.valueOf(e.getMessage());
  }
}
