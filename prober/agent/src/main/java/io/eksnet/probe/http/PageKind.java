package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Phase;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Network;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Pages that are read for what they say: the {@code http} kind, of which a success holds samples.
 * For the suites; users cannot name it.
 */
public final class PageKind implements ProbeKind<HttpSettings> {
  private final KindSpec<HttpSettings> http = new HttpKind();
  private final String name;
  private final Function<String, List<ScrapedSample>> reader;

  /**
   * @param reader from the body to what it says; runs on the event loop; nothing: it is another
   *     page
   */
  public PageKind(String name, Function<String, List<ScrapedSample>> reader) {
    this.name = name;
    this.reader = reader;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return "Reads a page over HTTP.";
  }

  @Override
  public Class<HttpSettings> settings() {
    return HttpSettings.class;
  }

  @Override
  public Target target(String text, HttpSettings settings) {
    return http.target(text, settings);
  }

  @Override
  public List<Phase> phases() {
    return http.phases();
  }

  @Override
  public Set<Cause> causes() {
    return http.causes();
  }

  @Override
  public Probe create(HttpSettings settings, Network network) {
    return new HttpProbe(settings, Optional.of(reader), network);
  }
}
