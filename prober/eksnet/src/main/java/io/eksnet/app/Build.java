package io.eksnet.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is. */
record Build(String version, String revision, String javaVersion) {
  static Build current() {
    var properties = new Properties();
    try (var in = Build.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        properties.getProperty("version", "unknown"),
        properties.getProperty("revision", "unknown"),
        System.getProperty("java.version", "unknown"));
  }

  @Override
  public String toString() {
    return "eksnet " + version + " (revision " + revision + ", java " + javaVersion + ")";
  }
}
