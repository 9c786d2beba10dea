package io.eksnet.app;

import io.eksnet.app.Main.StartFailure;
import io.eksnet.config.RecordReader;
import io.eksnet.web.WebConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file of {@code --web.config.file}. */
final class WebConfigFile {
  private WebConfigFile() {}

  /** What the file says; without a file, plain HTTP for everybody. */
  static WebConfig read(@Nullable Path path) {
    if (path == null) {
      return WebConfig.OPEN;
    }
    var directory = path.toAbsolutePath().getParent();
    try {
      return RecordReader.read(
          Files.readString(path), WebConfig.class, directory == null ? Path.of("") : directory);
    } catch (RecordReader.Refused e) {
      throw new StartFailure("the web config " + path + " is not valid\n" + e.getMessage());
    } catch (IOException e) {
      throw new StartFailure("the web config " + path + " cannot be read: " + e);
    }
  }
}
