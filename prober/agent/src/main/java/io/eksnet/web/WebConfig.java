package io.eksnet.web;

import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The file of {@code --web.config.file}, in the shape of the Prometheus exporter toolkit. */
public record WebConfig(
    @Setting("Serves TLS with this certificate; without it the endpoints are plain HTTP.")
        Optional<TlsServer> tlsServerConfig,
    @Setting(
            value =
                "Users and the bcrypt hashes of their passwords; all endpoints then require one.",
            fallback = "{}",
            example = "{prometheus: $2y$10$…}")
        Map<String, String> basicAuthUsers,
    @Setting(value = "HTTP protocol settings.", fallback = "{}") HttpServing httpServerConfig) {
  /** Plain HTTP without authentication. */
  public static final WebConfig OPEN =
      new WebConfig(Optional.empty(), Map.of(), new HttpServing(true, Map.of()));

  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[abxy]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

  /** A higher cost lets anybody exhaust the CPU: 15 takes seconds per attempt. */
  private static final int MAX_BCRYPT_COST = 14;

  public WebConfig {
    basicAuthUsers = Collections.unmodifiableMap(new LinkedHashMap<>(basicAuthUsers));
    basicAuthUsers.forEach(WebConfig::check);
  }

  private static void check(String user, String hash) {
    if (user.isEmpty() || user.contains(":")) {
      throw new InvalidSettingException(
          "basic_auth_users",
          "the user name \"" + user + "\" must not be empty or contain a colon");
    }
    var form = BCRYPT.matcher(hash);
    if (!form.matches()) {
      throw new InvalidSettingException(
          "basic_auth_users",
          "the value of \""
              + user
              + "\" is not a bcrypt hash; create one with htpasswd -nBC 10 \"\"");
    }
    var cost = Integer.parseInt(form.group(1));
    if (cost < 4 || cost > MAX_BCRYPT_COST) {
      throw new InvalidSettingException(
          "basic_auth_users",
          "the bcrypt cost of \"" + user + "\" must be 4 to " + MAX_BCRYPT_COST + ", not " + cost);
    }
  }
}
