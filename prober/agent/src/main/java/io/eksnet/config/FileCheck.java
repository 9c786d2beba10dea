package io.eksnet.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Checks that the files that a config names can be read, now. */
public final class FileCheck {
  private FileCheck() {}

  /** One problem for each file that cannot be read. */
  public static List<Problem> unreadable(List<FileReference> files) {
    return files.stream()
        .flatMap(
            reference ->
                problem(reference.file()).stream()
                    .map(message -> new Problem(reference.location(), message)))
        .toList();
  }

  private static Optional<String> problem(Path file) {
    var name = ErrorText.quote(file.toString());
    if (!Files.exists(file)) {
      return Optional.of(name + " does not exist; create it or correct the path");
    }
    if (Files.isDirectory(file)) {
      return Optional.of(name + " is a directory; name a file in it");
    }
    return Files.isReadable(file)
        ? Optional.empty()
        : Optional.of(name + " cannot be read; give this user read permission");
  }
}
