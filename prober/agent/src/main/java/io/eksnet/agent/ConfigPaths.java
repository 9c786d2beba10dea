package io.eksnet.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that {@code --config.file} names. */
final class ConfigPaths {
  private static final int MAX_FILES = 1_000;

  private ConfigPaths() {}

  /**
   * The files of all patterns, those of a pattern by name. A pattern has {@code *}, {@code ?},
   * {@code [} or <code>{</code> in its last part; hidden files and directories do not match.
   *
   * @throws IOException if a directory cannot be read, no file matches a pattern, or too many do
   */
  static List<Path> expand(List<Path> patterns) throws IOException {
    var files = new ArrayList<Path>();
    for (var pattern : patterns) {
      files.addAll(expand(pattern));
    }
    if (files.size() > MAX_FILES) {
      throw new IOException(
          files.size() + " files match; use at most " + MAX_FILES + " config files");
    }
    return files.stream().distinct().toList();
  }

  private static List<Path> expand(Path pattern) throws IOException {
    var name = String.valueOf(pattern.getFileName());
    if (name.chars().noneMatch(c -> "*?[{".indexOf(c) >= 0) || Files.exists(pattern)) {
      return List.of(pattern);
    }
    var matcher = pattern.getFileSystem().getPathMatcher("glob:" + name);
    var directory = pattern.toAbsolutePath().getParent();
    try (var entries = Files.list(directory)) {
      var files =
          entries
              .map(Path::getFileName)
              .filter(file -> matcher.matches(file) && !file.toString().startsWith("."))
              .map(pattern::resolveSibling)
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new NoSuchFileException(pattern.toString(), null, "no file matches the pattern");
      }
      return files;
    }
  }
}
