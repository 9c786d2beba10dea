package io.eksnet.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The config file. Its methods read from disk and may block. */
public final class ConfigFile {
  private final @Nullable Path path;
  private final Map<String, ? extends KindSpec<?>> kinds;
  private byte @Nullable [] lastContent;
  private List<FileReference> references = List.of();
  private List<Problem> unreadable = List.of();

  /**
   * @param path null: no file, everything has its default
   */
  public ConfigFile(@Nullable Path path, Map<String, ? extends KindSpec<?>> kinds) {
    this.path = path;
    this.kinds = kinds;
  }

  /** Reads the file, and checks that the files it names can be read. */
  synchronized ConfigResult read() {
    byte[] content;
    try {
      content = content();
    } catch (IOException e) {
      lastContent = null;
      return new ConfigResult.Invalid(
          List.of(
              new Problem(
                  new Location(name(), 1, 1, ""), "the file cannot be read: " + reason(e))));
    }
    lastContent = content;
    references = List.of();
    unreadable = List.of();
    var result =
        ConfigReader.read(new ConfigSource(name(), new String(content, UTF_8), directory()), kinds);
    if (result instanceof ConfigResult.Valid valid) {
      references = valid.files();
      unreadable = FileCheck.unreadable(references);
      return unreadable.isEmpty() ? valid : new ConfigResult.Invalid(unreadable);
    }
    return result;
  }

  /**
   * Whether reading again may give another result. Content is compared, not modification times or
   * inodes: that detects the swapped symlinks of a mounted ConfigMap, and ignores a touch. Files
   * that it names and that could not be read are tried again.
   */
  synchronized boolean changed() {
    if (path == null) {
      return false;
    }
    try {
      return !Arrays.equals(lastContent, content())
          || (!unreadable.isEmpty() && !unreadable.equals(FileCheck.unreadable(references)));
    } catch (IOException e) {
      return lastContent != null;
    }
  }

  /** The name of the file in messages. */
  public String name() {
    return path == null ? "(no config file)" : path.toString();
  }

  /** All problems, one per line. */
  static String text(List<Problem> problems) {
    return problems.stream().map(Problem::text).collect(Collectors.joining("\n"));
  }

  /** Relative paths in the file start at its own directory, not at the working directory. */
  private Path directory() {
    var parent = path == null ? null : path.toAbsolutePath().getParent();
    return parent == null ? Path.of("") : parent;
  }

  private byte[] content() throws IOException {
    return path == null ? new byte[0] : Files.readAllBytes(path);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    return e instanceof AccessDeniedException
        ? "permission denied"
        : String.valueOf(e.getMessage());
  }
}
