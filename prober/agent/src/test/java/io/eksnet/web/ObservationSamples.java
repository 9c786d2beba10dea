package io.eksnet.web;

import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.model.Timings;
import io.eksnet.probe.tcp.TcpSettings;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/** Observations as an agent writes them for its controller. */
public final class ObservationSamples {
  private ObservationSamples() {}

  /** Any record of the model. */
  public static JsonObject of(Record value) {
    return RecordJson.of(value);
  }

  /** A success of a series. */
  public static JsonObject forPeers(SeriesKey key) {
    var task =
        new Task(
            "n/x",
            key,
            "tcp",
            TcpSettings.DEFAULT,
            Target.of("t", "10.0.0.1", 80),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            false);
    var outcome = new Outcome.Success(Timings.of(Duration.ofMillis(3)));
    return ObservationJson.forPeers(
        new Observation(task, Instant.EPOCH, Duration.ofMillis(3), outcome));
  }
}
