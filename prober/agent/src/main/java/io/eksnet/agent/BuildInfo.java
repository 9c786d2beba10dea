package io.eksnet.agent;

import io.eksnet.metrics.BuildVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build. */
public final class BuildInfo {
  private BuildInfo() {}

  public static BuildVersion current() {
    var properties = new Properties();
    try (var in = BuildInfo.class.getResourceAsStream("build.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildVersion(
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
