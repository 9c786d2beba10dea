package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.ScrapedSample;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.net.Network;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The {@code http} kind for metrics pages: a success has the samples of the page. For suites; users
 * cannot name it.
 */
public final class HttpScrapeKind extends HttpKind {
  private final String name;
  private final Function<String, List<ScrapedSample>> parser;

  /**
   * @param parser from the body to its samples, on the event loop; without a sample it is not the
   *     expected page
   */
  public HttpScrapeKind(String name, Function<String, List<ScrapedSample>> parser) {
    this.name = name;
    this.parser = parser;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return "Reads samples from a page over HTTP.";
  }

  @Override
  public Set<Cause> causes(HttpSettings settings, Target target) {
    var causes = EnumSet.copyOf(super.causes(settings, target));
    causes.add(Cause.HTTP_BODY);
    return causes;
  }

  @Override
  public Probe create(HttpSettings settings, Network network) {
    return new HttpProbe(settings, Optional.of(parser), ProxyEnvironment.NONE, network);
  }
}
