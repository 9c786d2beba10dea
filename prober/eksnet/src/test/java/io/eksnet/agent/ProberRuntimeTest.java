package io.eksnet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.cli.Program;
import io.eksnet.schedule.SerialExecutor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ProberRuntimeTest {
  @TempDir Path directory;

  @Test
  void noTaskOrTimerOfVertxRunsOnTheEventLoopOfTheProbes() throws Exception {
    try (var runtime = ProberRuntime.prepare(Program.environment(directory))) {
      var vertx = runtime.vertx();
      // clients take an event loop, too: with shared loops, that moved the server to the probes'
      vertx.createHttpClient();
      var shared =
          IntStream.range(0, 8)
              .mapToObj(
                  i -> {
                    Promise<Boolean> onProbeLoop = Promise.promise();
                    var executor = SerialExecutor.on(vertx);
                    executor.execute(
                        () ->
                            executor.schedule(
                                Duration.ofMillis(1),
                                () -> onProbeLoop.complete(isProbeLoop(runtime))));
                    return onProbeLoop.future();
                  })
              .toList();

      ProberRuntime.await(Future.join(shared));
      assertThat(shared).extracting(Future::result).containsOnly(false);
    }
  }

  @Test
  void noServerRunsOnTheEventLoopOfTheProbes() throws Exception {
    try (var runtime = ProberRuntime.prepare(Program.environment(directory))) {
      runtime.vertx().createHttpClient();
      var server =
          ProberRuntime.await(
              runtime
                  .vertx()
                  .createHttpServer()
                  .requestHandler(
                      request -> respond(request.response(), String.valueOf(isProbeLoop(runtime))))
                  .listen(0, "127.0.0.1"));
      var response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + server.actualPort() + "/"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(response.body()).isEqualTo("false");
    }
  }

  @Test
  void probesRunOnOneThreadThatVertxDoesNotKnow() throws Exception {
    try (var runtime = ProberRuntime.prepare(Program.environment(directory))) {
      var loop = runtime.network().loop();

      assertThat(loop.submit(() -> Context.isOnVertxThread()).get()).isFalse();
      assertThat(loop.submit(() -> Thread.currentThread().getName()).get())
          .startsWith("probe-loop");
    }
  }

  private static boolean isProbeLoop(ProberRuntime runtime) {
    return runtime.network().loop().inEventLoop();
  }

  private static void respond(HttpServerResponse response, String body) {
    response.end(body);
  }
}
