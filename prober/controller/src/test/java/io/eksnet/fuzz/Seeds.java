package io.eksnet.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a directory of seeds for each parser, and prints their names: {@code Seeds DIRECTORY}. */
final class Seeds {
  private Seeds() {}

  public static void main(String[] arguments) throws IOException {
    for (var parser : Parsers.all()) {
      var directory = Files.createDirectories(Path.of(arguments[0], parser.name()));
      for (var i = 0; i < parser.seeds().size(); i++) {
        Files.write(directory.resolve("seed-" + i), parser.seeds().get(i));
      }
      System.out.println(parser.name());
    }
  }
}
