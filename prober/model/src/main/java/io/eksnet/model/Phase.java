package io.eksnet.model;

/** A stretch of a run, in the order in which they follow each other. */
public enum Phase {
  /** From the name to addresses. */
  RESOLVE("resolve"),
  /** From the SYN to the established connection. */
  CONNECT("connect"),
  /** The TLS handshake. */
  TLS("tls"),
  /** From the request to the first byte of the answer. */
  PROCESSING("processing"),
  /** From the first byte of the answer to its last. */
  TRANSFER("transfer");

  private final String label;

  Phase(String label) {
    this.label = label;
  }

  /** The value of the metric label {@code phase}. */
  public String label() {
    return label;
  }
}
