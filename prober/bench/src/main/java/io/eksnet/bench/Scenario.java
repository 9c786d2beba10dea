package io.eksnet.bench;

/** One thing to measure, side by side. */
interface Scenario {
  /**
   * Measures.
   *
   * @param seconds the length of a window
   */
  void run(TestBed stand, double seconds, Measurements readings) throws Exception;

  /** Something to measure of one program. */
  interface Side {
    void measure() throws Exception;
  }

  /** Measures one program; one that fails does not take the others with it. */
  static void side(String name, Measurements readings, Side side) throws InterruptedException {
    try {
      side.measure();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      readings.note(name + " was not measured: " + e.getMessage());
    }
  }

  /** Lets what was started settle, or a compiler warm up. */
  static void settle(double seconds) throws InterruptedException {
    Thread.sleep((long) (1_000 * seconds));
  }
}
