package io.eksnet.agent;

import io.eksnet.metrics.Build;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which build this is, as the build wrote it down. */
public final class BuildInfo {
  private BuildInfo() {}

  public static Build current() {
    var properties = new Properties();
    try (var in = BuildInfo.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Build(
        properties.getProperty("version", "unknown"),
        properties.getProperty("revision", "unknown"),
        System.getProperty("java.version", "unknown"));
  }

  public static String line() {
    var build = current();
    return "eksnet "
        + build.version()
        + " (revision "
        + build.revision()
        + ", java "
        + build.javaVersion()
        + ")";
  }
}
