package io.eksnet.probe.http;

import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.probe.net.LocalFailure;
import io.eksnet.probe.net.SecretFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Credentials of the basic scheme (RFC 7617). */
public record BasicAuth(
    @Setting(value = "The user name; this or `username_file`.", example = "probe")
        Optional<String> username,
    @Setting(
            value = "A file with the user name; reloaded when it changes.",
            example = "/etc/eksnet/username")
        Optional<Path> usernameFile,
    @Setting(
            value = "A file with the password; reloaded when it changes.",
            required = true,
            example = "/etc/eksnet/password")
        Path passwordFile) {
  public BasicAuth {
    Objects.requireNonNull(passwordFile);
    if (username.isPresent() == usernameFile.isPresent()) {
      throw new IllegalArgumentException(
          "basic authentication needs either username or username_file: give one of them");
    }
    if (username.filter(name -> !isUsername(name)).isPresent()) {
      throw new InvalidSettingException(
          "username", "must not be empty and hold neither colons nor control characters");
    }
  }

  /** A user name and a file with the password. */
  public BasicAuth(String username, Path passwordFile) {
    this(Optional.of(username), Optional.empty(), passwordFile);
  }

  /** The files to read. */
  List<Path> files() {
    return Stream.concat(usernameFile.stream(), Stream.of(passwordFile)).toList();
  }

  /**
   * User name and password with a colon in between.
   *
   * @throws LocalFailure if a file cannot be read, or holds no user name
   */
  String credentials() throws LocalFailure {
    return name() + ":" + SecretFile.text(passwordFile);
  }

  private String name() throws LocalFailure {
    if (usernameFile.isEmpty()) {
      return username.orElseThrow();
    }
    var name = SecretFile.text(usernameFile.get());
    if (!isUsername(name)) {
      throw new LocalFailure(
          "the file "
              + usernameFile.get()
              + " must hold a user name without colons and control characters");
    }
    return name;
  }

  private static boolean isUsername(String name) {
    return !name.isEmpty()
        && name.indexOf(':') < 0
        && name.chars().noneMatch(Character::isISOControl);
  }
}
