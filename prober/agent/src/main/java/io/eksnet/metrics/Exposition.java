package io.eksnet.metrics;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** The page that Prometheus reads. */
public final class Exposition {
  private final PrometheusMeterRegistry registry;

  Exposition(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * Writes the page in the best format that the scraper accepts; one writer at a time, and never on
   * an event loop: ten thousand targets take tenths of a second.
   *
   * @param accept the scraper's {@code Accept} header, or null
   * @return the content type
   */
  public synchronized String write(@Nullable String accept, OutputStream to) throws IOException {
    var contentType = ExpositionFormat.accepted(accept).contentType();
    registry.scrape(to, contentType);
    return contentType;
  }
}
