package io.eksnet.agent;

/** The process cannot start; the message names the file, flag or socket and the remedy. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StartException(String message) {
    super(message);
  }
}
