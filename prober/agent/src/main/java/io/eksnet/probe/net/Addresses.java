package io.eksnet.probe.net;

/** Which of the addresses of a name are probed. */
public enum Addresses {
  /** The first of the answer. */
  ONE,
  /** Each on its own, at the same time. */
  ALL
}
