package io.eksnet.model.diagnosis;

import io.eksnet.model.Labelled;
import io.eksnet.model.SeriesKey;

/** The network layer of a cause; the label {@code layer} of findings and alerts. */
public enum Layer implements Labelled {
  DNS,
  L3,
  L4,
  L7,
  CREDENTIALS,
  CLUSTER,
  PROBER;

  private static final SeriesKey.Cases<Layer> BY_KEY =
      new SeriesKey.Cases<>(
          userProbe ->
              switch (userProbe.kind()) {
                case "dns" -> DNS;
                case "tcp" -> L4;
                default -> L7;
              },
          dns -> DNS,
          service -> L4,
          pod -> L3,
          target -> L7,
          lb -> L7,
          component -> component.suite().equals("identity") ? CREDENTIALS : CLUSTER,
          sts -> CREDENTIALS,
          endpoint -> L4);

  /** The layer that the probes of a series test. */
  public static Layer of(SeriesKey key) {
    return key.fold(BY_KEY);
  }
}
