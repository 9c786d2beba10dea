package io.eksnet.probe.net;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigSource;
import io.eksnet.config.InvalidConfigException;
import java.nio.file.Path;

/** Settings of a probe kind from YAML, so that a test names only what it is about. */
public final class YamlSettings {
  private YamlSettings() {}

  /** Settings as the config file has them, without the keys that all kinds share. */
  public static <S extends Record> S of(Class<S> type, String yaml) {
    try {
      return ConfigReader.readRecord(new ConfigSource("test.yaml", yaml, Path.of("/")), type);
    } catch (InvalidConfigException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
