package io.eksnet.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;

/**
 * The fixed grid on which tasks run: each has its offset within its period, decided by its id
 * alone, so that restarts keep the beat and many agents do not hit one target at once.
 */
public final class FixedGrid {
  private static final long NANOS = 1_000_000_000L;

  private FixedGrid() {}

  /**
   * The first moment after {@code now} at which {@code id} is due; ids spread evenly over {@code
   * every}.
   */
  public static Instant next(String id, Duration every, Instant now) {
    var period = every.toNanos();
    var offset = Long.remainderUnsigned(hash(id), period);
    var beats = Math.floorDiv(nanos(now) - offset, period) + 1;
    return instant(offset + beats * period);
  }

  /**
   * The beat that follows one due at {@code due} and taken at {@code now}. A wake-up a moment early
   * does not repeat the beat, and a clock that was set back does not stop it.
   */
  public static Instant after(String id, Duration every, Instant due, Instant now) {
    var setBack = due.isAfter(now.plus(every));
    return next(id, every, setBack || now.isAfter(due) ? now : due);
  }

  /** How many later beats have passed unused when one is taken {@code late} after it was due. */
  public static long skipped(Duration every, Duration late) {
    return late.isNegative() ? 0 : late.dividedBy(every);
  }

  /** FNV-1a of 64 bits with a final mix, so that ids that differ in one digit land far apart. */
  private static long hash(String id) {
    var h = 0xcbf29ce484222325L;
    for (var b : id.getBytes(UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  private static long nanos(Instant at) {
    return Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano());
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }
}
