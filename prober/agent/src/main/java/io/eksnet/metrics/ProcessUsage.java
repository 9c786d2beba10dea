package io.eksnet.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What this process uses, from proc(5); what cannot be read is empty. */
public final class ProcessUsage {
  /** USER_HZ, the unit of times in stat: 100 on Linux, whatever the kernel ticks. */
  private static final double TICKS_PER_SECOND = 100;

  private static final double KIB = 1024;

  private final Path proc;

  ProcessUsage(Path proc) {
    this.proc = proc;
  }

  /** User and system time since its start. */
  public OptionalDouble cpuSeconds() {
    var stat = statFields();
    var user = field(stat, 14);
    return user.isPresent()
        ? OptionalDouble.of((user.getAsDouble() + field(stat, 15).orElse(0)) / TICKS_PER_SECOND)
        : user;
  }

  /** Not from stat, which counts pages of a size that only the kernel knows. */
  public OptionalDouble residentBytes() {
    return read("self/status")
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> KIB * Double.parseDouble(line.split("\\s+", -1)[1]))
        .findFirst();
  }

  OptionalDouble virtualBytes() {
    return field(statFields(), 23);
  }

  /** In seconds since the epoch. */
  OptionalDouble startSeconds() {
    var ticksAfterBoot = field(statFields(), 22);
    return read("stat")
        .lines()
        .filter(line -> line.startsWith("btime "))
        .mapToDouble(line -> Double.parseDouble(line.substring(6).trim()))
        .filter(boot -> ticksAfterBoot.isPresent())
        .map(boot -> boot + ticksAfterBoot.orElseThrow() / TICKS_PER_SECOND)
        .findFirst();
  }

  OptionalDouble maxFiles() {
    return read("self/limits")
        .lines()
        .filter(line -> line.startsWith("Max open files"))
        .map(line -> line.split("\\s+", -1)[3])
        .filter(limit -> !limit.equals("unlimited"))
        .mapToDouble(Double::parseDouble)
        .findFirst();
  }

  OptionalDouble openFiles() {
    try (var entries = Files.newDirectoryStream(proc.resolve("self/fd"))) {
      int count = 0;
      for (var unused : entries) {
        count++;
      }
      return OptionalDouble.of(count);
    } catch (IOException e) {
      return OptionalDouble.empty();
    }
  }

  /**
   * The fields of {@code stat} as proc(5) numbers them; the command in brackets may hold blanks.
   */
  private List<String> statFields() {
    var line = read("self/stat");
    var fields = new ArrayList<>(List.of("", "", ""));
    if (!line.isEmpty()) {
      fields.addAll(List.of(line.substring(line.lastIndexOf(')') + 1).trim().split("\\s+", -1)));
    }
    return fields;
  }

  private String read(String file) {
    try {
      return Files.readString(proc.resolve(file));
    } catch (IOException e) {
      return "";
    }
  }

  private static OptionalDouble field(List<String> fields, int number) {
    return number < fields.size()
        ? OptionalDouble.of(Double.parseDouble(fields.get(number)))
        : OptionalDouble.empty();
  }
}
