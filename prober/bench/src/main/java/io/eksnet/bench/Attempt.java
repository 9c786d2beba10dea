package io.eksnet.bench;

/** One probe by the shortest way; on the event loop, bounded in time. */
interface Attempt {
  /**
   * Starts one.
   *
   * @param target which of its targets to probe
   * @param done completed once with its result
   */
  void start(int target, Done done);

  /** How an attempt ended. */
  interface Done {
    void succeeded(long nanos);

    void failed();
  }
}
