package io.eksnet.bench;

/** Waits until a program that is compiled while it runs goes as fast as it will. */
final class WarmUp {
  private static final double NEAR = 0.03;

  private WarmUp() {}

  /** How many probes a second a piece of time had. */
  interface Piece {
    double rate() throws InterruptedException;
  }

  /** Lets pieces pass, at least and at most so many, until one has the rate asked for. */
  static void toPace(double asked, int least, int most, Piece piece) throws InterruptedException {
    for (var n = 1; n <= most; n++) {
      var near = Math.abs(piece.rate() - asked) <= NEAR * asked;
      if (near && n >= least) {
        return;
      }
    }
  }

  /** Lets pieces pass, at most so many, until one is no better than all before. */
  static void toTop(int most, Piece piece) throws InterruptedException {
    var best = piece.rate();
    for (var n = 1; n < most; n++) {
      var rate = piece.rate();
      if (rate <= best * (1 + NEAR)) {
        return;
      }
      best = rate;
    }
  }
}
