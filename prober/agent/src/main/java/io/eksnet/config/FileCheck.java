package io.eksnet.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the files that a config names can be read, now. */
public final class FileCheck {
  private FileCheck() {}

  /** The files that cannot be read, as problems at the place that names them. */
  public static List<Problem> unreadable(List<NamedFile> files) {
    return files.stream()
        .flatMap(
            named ->
                trouble(named.file())
                    .map(
                        message -> new Problem(named.line(), named.column(), named.path(), message))
                    .stream())
        .toList();
  }

  private static Optional<String> trouble(Path file) {
    var name = Quoted.of(file.toString());
    if (!Files.exists(file)) {
      return Optional.of("there is no file " + name + "; create it or correct the path");
    }
    if (Files.isDirectory(file)) {
      return Optional.of(name + " is a directory; name a file in it");
    }
    return Files.isReadable(file)
        ? Optional.empty()
        : Optional.of("the file " + name + " may not be read; give this user the right to");
  }
}
