package io.eksnet.probe.api;

import io.eksnet.model.KindSpec;
import io.eksnet.probe.net.Network;

/** A kind that can be run. */
public interface ProbeKind<S extends Record> extends KindSpec<S> {
  /** A probe on the event loop of {@code network}. */
  Probe create(S settings, Network network);
}
