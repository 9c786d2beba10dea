package io.eksnet.controller.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.controller.page.ClusterPage;
import io.eksnet.controller.page.ClusterView;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.web.Endpoints;
import io.eksnet.web.SharedToken;
import io.eksnet.web.Views;
import io.eksnet.web.WebConfig;
import io.eksnet.web.WebFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveStreamTest {
  private final AtomicInteger views = new AtomicInteger();
  private volatile ClusterView view = Views.healthy(3);
  private final Endpoints endpoints = controller();

  @AfterEach
  void close() {
    endpoints.close();
  }

  @Test
  void pageIsCompleteWithoutTheStream() {
    var page = endpoints.get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body())
        .contains("All clear")
        .contains("27 probes from 3 nodes in the last 5 s")
        .contains("k8s-shop", "subnet-0a1");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; img-src data:; style-src 'sha256-")
        .contains("script-src 'sha256-", "connect-src 'self'")
        .doesNotContain("unsafe");
  }

  @Test
  void sendsAllSectionsFirstAndThenOnlyChanges() throws IOException {
    try (var stream = new Stream()) {
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.next().data()).isEqualTo(ClusterPage.build());
      var first = stream.until("clock");
      assertThat(first).hasSize(ClusterPage.sections(view).size());
      assertThat(first.get(0).data()).startsWith("<section id=\"verdict\"").contains("All clear");

      view = Views.with(view, Views.findings());
      List<Event> then;
      do {
        then = stream.until("clock");
      } while (then.isEmpty());

      assertThat(then).anyMatch(event -> event.data().contains("And 1 more cause"));
      assertThat(then).anyMatch(event -> event.data().startsWith("<section id=\"causes\""));
      assertThat(then).noneMatch(event -> event.data().startsWith("<section id=\"failures\""));
      assertThat(stream.until("clock")).as("nothing changed since").isEmpty();
    }
  }

  @Test
  void hostileNamesCannotEndAnEvent() throws IOException {
    view = Views.named("a\r\nretry: 1\n\nevent: build\ndata: x");
    try (var stream = new Stream()) {
      stream.next();
      assertThat(stream.until("clock"))
          .allMatch(event -> event.name().equals("section"))
          .hasSize(ClusterPage.sections(view).size());
    }
  }

  @Test
  void rendersOnlyWithSubscribersAndOnceForAll() throws IOException {
    assertThat(views).hasValue(0);
    try (var first = new Stream();
        var second = new Stream();
        var third = new Stream()) {
      for (var stream : List.of(first, second, third)) {
        stream.next();
        stream.until("clock");
      }
      var before = views.get();
      first.until("clock");
      first.until("clock");
      first.until("clock");
      assertThat(views.get() - before).isBetween(2, 4);
    }
  }

  @Test
  void limitsSubscribersOfAHostAndAdmitsNewOnesAfterDisconnect() throws Exception {
    var streams = new ArrayList<Stream>();
    try {
      for (var i = 0; i < LiveStream.MAX_SUBSCRIBERS_PER_HOST; i++) {
        var stream = new Stream();
        streams.add(stream);
        assertThat(stream.status()).isEqualTo(200);
      }
      var refused = endpoints.get("/api/v1/live");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("10");

      streams.remove(0).close();
      var last = 503;
      while (last != 200) {
        try (var again = new Stream()) {
          last = again.status();
        }
      }
    } finally {
      for (var stream : streams) {
        stream.close();
      }
    }
  }

  @Test
  void endsStreamsWhenTheServerStops() throws IOException {
    try (var stream = new Stream()) {
      stream.next();
      stream.until("clock");
      var stopped = endpoints.server().stop(Duration.ofSeconds(30));

      while (stream.read().isPresent()) {}

      Endpoints.await(stopped.timeout(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void agentHasItsOwnStatusPageAndNoStream() {
    try (var agent = new Endpoints()) {
      assertThat(agent.get("/api/v1/live").statusCode()).isEqualTo(404);
      assertThat(agent.get("/").body()).contains("Latest results");
      assertThat(agent.get("/").headers().firstValue("Content-Security-Policy").orElseThrow())
          .doesNotContain("script-src");
    }
  }

  @Test
  void rejectsOtherMethodsThanGet() {
    var answer = endpoints.send("POST", "/api/v1/live");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
  }

  private Endpoints controller() {
    var cluster =
        new ClusterDependencies(
            Optional::empty,
            node -> new ClusterDependencies.PlanPage.NotYet("no plan"),
            () -> Views.source(Optional.empty()),
            () -> Inventory.EMPTY,
            List::of,
            () -> ClusterDependencies.Diagnosed.NOT_YET,
            List::of,
            () -> {
              views.incrementAndGet();
              return view;
            },
            () -> new Evidence(WebFixture.NOON, Inventory.EMPTY, List.of()),
            () -> Views.INCIDENTS,
            List::of,
            () -> Views.STATE);
    return new Endpoints(
        WebConfig.OPEN, true, HttpClient.newHttpClient(), SharedToken.NONE, Optional.of(cluster));
  }

  private record Event(String name, String data) {}

  /** A reader of server-sent events (HTML standard, section 9.2.6). */
  private final class Stream implements AutoCloseable {
    private final HttpResponse<InputStream> answer;
    private final BufferedReader in;

    Stream() {
      var request = HttpRequest.newBuilder(endpoints.uri("/api/v1/live")).build();
      answer = endpoints.send(request, BodyHandlers.ofInputStream());
      in = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    int status() {
      return answer.statusCode();
    }

    Optional<Event> read() throws IOException {
      var name = "message";
      var data = new ArrayList<String>();
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          return Optional.of(new Event(name, String.join("\n", data)));
        } else if (line.startsWith("event: ")) {
          name = line.substring("event: ".length());
        } else if (line.startsWith("data: ")) {
          data.add(line.substring("data: ".length()));
        } else {
          assertThat(line).isEqualTo("retry: 3000");
        }
      }
      return Optional.empty();
    }

    Event next() throws IOException {
      return read().orElseThrow();
    }

    /** The events before the next one of this name. */
    List<Event> until(String name) throws IOException {
      var events = new ArrayList<Event>();
      for (var event = next(); !event.name().equals(name); event = next()) {
        events.add(event);
      }
      return events;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
