package io.eksnet.probe.http;

import io.eksnet.model.Note;
import io.eksnet.model.ScrapedSample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What all runs of a probe have in common, worked out once. */
final class HttpPlan {
  private static final String VERSION =
      Optional.ofNullable(HttpPlan.class.getPackage().getImplementationVersion()).orElse("dev");
  private static final Map<String, String> USUAL =
      Map.of("User-Agent", "eksnet/" + VERSION, "Accept", "*/*", "Accept-Encoding", "identity");

  private final HttpSettings settings;
  private final Optional<Function<String, List<ScrapedSample>>> reader;
  private final Judge judge;
  private final Redirects redirects;
  private final Map<String, String> headers;
  private final String body;

  HttpPlan(HttpSettings settings, Optional<Function<String, List<ScrapedSample>>> reader) {
    this.settings = settings;
    this.reader = reader;
    this.judge = new Judge(settings.expect());
    this.redirects = new Redirects(settings.maxRedirects(), settings.redirectHosts());
    this.headers = withUsual(settings.headers());
    this.body = settings.body().orElse("");
  }

  HttpSettings settings() {
    return settings;
  }

  Judge judge() {
    return judge;
  }

  /** Whether somebody wants to know the body. */
  boolean readsBody() {
    return judge.readsBody() || reader.isPresent();
  }

  /** What the page says, where it is read for that. */
  Optional<Note.Read> read(Answer answer) {
    return reader.map(page -> new Note.Read(page.apply(answer.text())));
  }

  Redirects redirects() {
    return redirects;
  }

  /** The request of the target itself. */
  Ask first(Url url, Secrets secrets) {
    return new Ask(settings.method(), url, authority(url, url.origin()), with(secrets), body);
  }

  /** The request that a redirect asks for; credentials stay with their origin. */
  Ask next(Ask before, Redirects.GoOn goOn, Origin home, Secrets secrets) {
    var url = goOn.url();
    return new Ask(
        goOn.method(),
        url,
        authority(url, home),
        url.origin().equals(home) ? with(secrets) : headers,
        goOn.withBody() ? before.body() : "");
  }

  private String authority(Url url, Origin home) {
    return url.origin().host().equals(home.host())
        ? settings.host().orElseGet(() -> url.origin().authority())
        : url.origin().authority();
  }

  private Map<String, String> with(Secrets secrets) {
    if (secrets.headers().isEmpty()) {
      return headers;
    }
    var all = new LinkedHashMap<>(headers);
    all.putAll(secrets.headers());
    return all;
  }

  private static Map<String, String> withUsual(Map<String, String> own) {
    var all = new LinkedHashMap<String, String>();
    USUAL.forEach(
        (name, value) -> {
          if (own.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
            all.put(name, value);
          }
        });
    all.putAll(own);
    return all;
  }
}
