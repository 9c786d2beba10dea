package io.eksnet.probe.net;

/** Which of the addresses of a name are probed. */
public enum AddressSelection {
  /** The first in the response. */
  ONE,
  /** Each on its own, at the same time. */
  ALL
}
