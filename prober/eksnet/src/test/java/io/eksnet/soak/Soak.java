package io.eksnet.soak;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.eksnet.cli.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Rounds of a schedule and the recovery from it, until the time is over. */
final class Soak implements AutoCloseable {
  private static final Duration LENGTH = Duration.ofSeconds(12);

  /** What grew since the first is seen in the second. */
  private static final int LEAST_ROUNDS = 2;

  private static final Duration LOOK = Duration.ofMillis(500);

  /** How long after its repair a fault may still be found. */
  private static final Duration CLEARING = Duration.ofSeconds(45);

  private static final Duration RECOVERY = Duration.ofMinutes(3);

  /** Pools let go what was idle for a minute; what leaks stays. */
  private static final Duration IDLE = Duration.ofSeconds(90);

  private static final Duration START = Duration.ofMinutes(4);

  /** A machine on which a look takes so long is no place to hear an agent in time. */
  private static final Duration SLUGGISH = Duration.ofSeconds(2);

  private final World world;
  private final Watch watch;
  private final List<FaultSchedule.Event> past = new ArrayList<>();
  private final Map<String, Integer> done = new TreeMap<>();
  private final Map<String, Holdings> first = new HashMap<>();
  private Duration slowest = Duration.ZERO;
  private Duration sluggish = Duration.ZERO;
  private final long born = System.nanoTime();

  private Soak(World world) {
    this.world = world;
    watch = new Watch(world);
  }

  /** The lab and the processes, once all is well. */
  private static Soak start(Path work) throws Exception {
    // The lab's servers meet the resets that they cause.
    ((Logger) LoggerFactory.getLogger("io.netty")).setLevel(Level.OFF);
    var soak = new Soak(new World(work));
    try {
      soak.calm(START);
      soak.watch.remember();
      return soak;
    } catch (Exception | AssertionError e) {
      soak.close();
      throw e;
    }
  }

  /** Plays the stories of {@code seed} and those after it until the time is over. */
  static void run(Path work, Duration length, long seed) throws Exception {
    var end = System.nanoTime() + length.toNanos();
    try (var soak = start(work)) {
      for (var round = 0; round < LEAST_ROUNDS || System.nanoTime() < end; round++) {
        System.out.println("soak: seed " + (seed + round));
        soak.round(seed + round);
        System.out.println("soak: " + soak.summary());
      }
    }
  }

  /** The faults that can be made on this machine. */
  private static List<SoakFault> faults() {
    var clocks = Instance.clockLibrary().isPresent();
    return Faults.all().stream()
        .filter(fault -> clocks || !(fault instanceof SoakFault.OfProcess of && of.jumps()))
        .toList();
  }

  /** Plays the schedule of a seed, and fails with it if anything was wrong. */
  private void round(long seed) throws Exception {
    var schedule = FaultSchedule.of(seed, LENGTH, faults());
    try {
      var elders = roles();
      play(schedule);
      recover();
      watch.count();
      hold(elders);
    } catch (IOException | AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + schedule + "\n" + watch.wrong(), e);
    }
    if (!watch.wrong().isEmpty()) {
      throw new AssertionError(String.join("\n", watch.wrong()) + "\n" + schedule);
    }
  }

  private void play(FaultSchedule schedule) throws IOException, InterruptedException {
    var began = now();
    past.removeIf(event -> !event.on(began, CLEARING));
    for (var step : schedule.steps()) {
      while (now().plus(LOOK).compareTo(began.plus(step.at())) < 0) {
        look();
        Thread.sleep(LOOK.toMillis() / 2);
      }
      var wait = began.plus(step.at()).minus(now());
      Thread.sleep(Math.max(0, wait.toMillis()));
      act(step);
    }
  }

  private void act(FaultSchedule.Step step) throws IOException {
    var fault = step.event().fault();
    if (step.begins()) {
      done.merge(fault.victim(), 1, Integer::sum);
      past.add(new FaultSchedule.Event(now(), fault, Duration.ofDays(1)));
      world.begin(fault, this::lastCheck);
    } else {
      world.end(fault);
      past.replaceAll(
          event ->
              event.fault() == fault ? new FaultSchedule.Event(event.at(), fault, now()) : event);
    }
  }

  private void lastCheck(Instance victim) {
    try {
      watch.check(victim);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void recover() throws Exception {
    var from = now();
    calm(RECOVERY);
    var took = now().minus(from);
    slowest = took.compareTo(slowest) > 0 ? took : slowest;
  }

  private void calm(Duration most) throws Exception {
    Await.until(
        "all to be well",
        most,
        () -> {
          look();
          return watch.ailments();
        },
        Set::isEmpty);
  }

  /**
   * What a process holds after its first whole round, when its pools are full, is what it may hold
   * after any other; a leader holds more, and starts again from its own baseline.
   */
  private void hold(Set<String> elders) throws Exception {
    for (var instance : world.instances()) {
      var now = instance.holdings();
      System.out.println("soak: " + now);
      var role = role(instance);
      var before = elders.contains(role) ? first.putIfAbsent(role, now) : null;
      if (before != null && !now.leaked(before).isEmpty()) {
        Await.until(
            "what pools let go", IDLE, () -> instance.holdings().leaked(before), List::isEmpty);
      }
    }
  }

  private Set<String> roles() throws IOException {
    var roles = new HashSet<String>();
    for (var instance : world.instances()) {
      roles.add(role(instance));
    }
    return roles;
  }

  private static String role(Instance instance) throws IOException {
    return instance.pid() + (instance.leads() ? " leads" : "");
  }

  private void look() throws IOException {
    var from = now();
    watch.check(() -> allowed(from));
  }

  private Set<String> allowed(Duration from) {
    var now = now();
    if (now.minus(from).compareTo(SLUGGISH) > 0) {
      sluggish = now.plus(CLEARING);
    }
    var slow = now.compareTo(sluggish) < 0 ? Stream.of("prober_trouble") : Stream.<String>empty();
    return Stream.concat(
            slow,
            past.stream()
                .filter(event -> event.on(from, CLEARING))
                .flatMap(event -> event.fault().causes().stream()))
        .collect(Collectors.toSet());
  }

  private Duration now() {
    return Duration.ofNanos(System.nanoTime() - born);
  }

  /** What was done and seen. */
  private String summary() {
    return "%d faults %s, %d checks, slowest recovery %.1f s; %s"
        .formatted(
            done.values().stream().mapToInt(Integer::intValue).sum(),
            done,
            watch.checks(),
            slowest.toMillis() / 1e3,
            watch.counted());
  }

  @Override
  public void close() {
    world.close();
  }
}
