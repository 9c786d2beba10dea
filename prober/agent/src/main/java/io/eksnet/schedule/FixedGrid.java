package io.eksnet.schedule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;

/**
 * The fixed grid of ticks on which tasks run. A task's offset within its interval is a hash of its
 * id, so that restarts keep the schedule and agents spread their requests to one target.
 */
public final class FixedGrid {
  private static final long NANOS = 1_000_000_000L;

  private FixedGrid() {}

  /** The first tick of {@code id} after {@code now}. */
  public static Instant next(String id, Duration interval, Instant now) {
    var period = interval.toNanos();
    var offset = Long.remainderUnsigned(hash(id), period);
    var ticks = Math.floorDiv(nanos(now) - offset, period) + 1;
    return instant(offset + ticks * period);
  }

  /**
   * The tick that follows the one due at {@code due} and handled at {@code now}. Waking up early
   * does not repeat a tick, and setting the clock back does not stop the schedule.
   */
  public static Instant nextAfter(String id, Duration interval, Instant due, Instant now) {
    var setBack = due.isAfter(now.plus(interval));
    return next(id, interval, setBack || now.isAfter(due) ? now : due);
  }

  /** How many ticks passed unused when one is handled {@code late} after it was due. */
  public static long skipped(Duration interval, Duration late) {
    return late.isNegative() ? 0 : late.dividedBy(interval);
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
