package io.eksnet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for the sources of all modules. */
class SourceTreeTest {
  private static final Path MODULES = Path.of("..");
  private static final Set<String> ANYWHERE = Set.of("package-info.java");

  /** "Go to class" must lead to the one class of that name, among tests too. */
  @Test
  void simpleClassNamesAreUnique() throws IOException {
    try (var files = Files.walk(MODULES)) {
      var folders =
          files
              .filter(file -> file.toString().matches("\\.\\./\\w+/src/(main|test)/java/.*\\.java"))
              .filter(file -> !ANYWHERE.contains(file.getFileName().toString()))
              .collect(
                  Collectors.groupingBy(
                      file -> file.getFileName().toString(),
                      TreeMap::new,
                      Collectors.mapping(
                          file -> MODULES.relativize(file).toString(), Collectors.toList())));

      assertThat(folders).hasSizeGreaterThan(900);
      assertThat(folders.values()).allSatisfy(same -> assertThat(same).hasSize(1));
    }
  }
}
