package io.eksnet.config;

import com.google.re2j.Pattern;
import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Two kinds that probe nothing and have settings of every shape. */
public final class SampleKinds {
  private SampleKinds() {}

  public static List<KindSpec<?>> list() {
    return List.of(new Page(), new Port());
  }

  public static Map<String, KindSpec<?>> map() {
    return Map.of("page", new Page(), "port", new Port());
  }

  enum Version {
    HTTP_1_1,
    HTTP_2
  }

  record Expect(
      @Setting(value = "Status codes or classes.", fallback = "[2xx]", example = "[2xx, 301]")
          List<String> status,
      @Setting("Patterns the body must hold.") List<Pattern> body,
      @Setting("The longest time to the first byte.") Optional<Duration> within) {}

  record Step(
      @Setting(value = "What to send.", required = true) String send,
      @Setting("What must come back.") Optional<Pattern> answer) {}

  record PageSettings(
      @Setting(
              value = "The method.",
              fallback = "GET",
              oneOf = {"GET", "HEAD"})
          String method,
      @Setting(value = "Headers to send.", example = "{Accept: text/html}")
          Map<String, String> headers,
      @Setting(value = "Cookies to send.", secret = true) Map<String, String> cookies,
      @Setting(value = "A word nobody may read.", secret = true, min = 4) Optional<String> token,
      @Setting("A file with the password.") Optional<Path> passwordFile,
      @Setting("What must come back.") Expect expect,
      @Setting(value = "The version of HTTP.", fallback = "http_1_1") Version version,
      @Setting(value = "Redirects to follow.", fallback = "3", min = 0, max = 10) int redirects,
      @Setting(value = "The longest body in bytes.", fallback = "1048576", min = 0) long maxBody,
      @Setting(value = "The share to read.", fallback = "0.5", min = 0, max = 1) double share,
      @Setting(value = "Protocols to offer.", fallback = "[h2, http/1.1]") Set<String> alpn,
      @Setting("A conversation.") List<Step> steps) {}

  record PortSettings(
      @Setting(value = "Whether to say hello.", fallback = "false") boolean hello,
      @Setting(value = "What to expect.", example = "'220 \\w+'") Optional<Pattern> expect) {}

  static final class Page implements KindSpec<PageSettings> {
    @Override
    public String name() {
      return "page";
    }

    @Override
    public String summary() {
      return "Gets a page.";
    }

    @Override
    public Class<PageSettings> settings() {
      return PageSettings.class;
    }

    @Override
    public Target target(String text, PageSettings settings) {
      if (!text.startsWith("https://")) {
        throw new IllegalArgumentException(
            "a page starts with https://, unlike " + ErrorText.quote(text));
      }
      return new Target(text, text.substring("https://".length()), 443, "/", true);
    }

    @Override
    public String exampleTarget() {
      return "https://shop.example.com";
    }

    @Override
    public void check(PageSettings settings) {
      if (settings.method().equals("HEAD") && !settings.expect().body().isEmpty()) {
        throw new InvalidSettingException(
            "expect.body", "cannot match a response to HEAD, which has no body; use GET");
      }
    }

    @Override
    public List<Phase> phases() {
      return List.of(Phase.CONNECT, Phase.PROCESSING);
    }

    @Override
    public Set<Cause> causes() {
      return Set.of(Cause.HTTP_STATUS, Cause.TIMEOUT);
    }
  }

  static final class Port implements KindSpec<PortSettings> {
    @Override
    public String name() {
      return "port";
    }

    @Override
    public String summary() {
      return "Opens a connection.";
    }

    @Override
    public Class<PortSettings> settings() {
      return PortSettings.class;
    }

    @Override
    public Target target(String text, PortSettings settings) {
      var colon = text.lastIndexOf(':');
      if (colon < 0) {
        throw new IllegalArgumentException(
            "a port is host:port such as db:5432, not " + ErrorText.quote(text));
      }
      return Target.of(text, text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String exampleTarget() {
      return "db.internal:5432";
    }

    @Override
    public List<Phase> phases() {
      return List.of(Phase.CONNECT);
    }

    @Override
    public Set<Cause> causes() {
      return Set.of(Cause.CONN_REFUSED, Cause.TIMEOUT);
    }
  }
}
