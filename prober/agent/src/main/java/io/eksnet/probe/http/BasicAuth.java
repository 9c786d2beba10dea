package io.eksnet.probe.http;

import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import java.nio.file.Path;
import java.util.Objects;

/** Credentials of the basic scheme (RFC 7617). */
public record BasicAuth(
    @Setting(value = "The user name.", required = true, example = "probe") String username,
    @Setting(
            value = "A file with the password; reloaded when it changes.",
            required = true,
            example = "/etc/eksnet/password")
        Path passwordFile) {
  public BasicAuth {
    Objects.requireNonNull(passwordFile);
    if (username.isEmpty()
        || username.indexOf(':') >= 0
        || username.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidSettingException(
          "username", "must not be empty and hold neither colons nor control characters");
    }
  }
}
