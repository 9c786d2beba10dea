package io.eksnet.model;

/** A stretch of a run, in the order in which they follow each other. */
public enum Phase implements Labelled {
  /** From the name to addresses. */
  RESOLVE,
  /** From the SYN to the established connection. */
  CONNECT,
  /** The TLS handshake. */
  TLS,
  /** From the request to the first byte of the answer. */
  PROCESSING,
  /** From the first byte of the answer to its last. */
  TRANSFER
}
