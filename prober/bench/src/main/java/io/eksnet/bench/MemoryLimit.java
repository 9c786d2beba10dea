package io.eksnet.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A cgroup with a limit of memory, as the kubelet sets it for a container: of cgroup v2 or v1. A
 * process that exceeds it is killed by the kernel.
 */
final class MemoryLimit implements AutoCloseable {
  private static final Path V2 = Path.of("/sys/fs/cgroup");
  private static final Path V1 = V2.resolve("memory");

  private final boolean v2;
  private final Path group;

  private MemoryLimit(boolean v2, Path group) {
    this.v2 = v2;
    this.group = group;
  }

  /** Creates the cgroup; needs root. */
  static MemoryLimit of(long bytes) throws IOException {
    var v2 = Files.exists(V2.resolve("cgroup.controllers"));
    var name = "eksnet-bench-" + ProcessHandle.current().pid();
    var limit = new MemoryLimit(v2, (v2 ? V2 : V1).resolve(name));
    Files.createDirectory(limit.group);
    Files.writeString(
        limit.group.resolve(v2 ? "memory.max" : "memory.limit_in_bytes"), Long.toString(bytes));
    return limit;
  }

  /** {@code command}, which joins the cgroup before it starts. */
  List<String> apply(List<String> command) {
    var script = "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"";
    var limited = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    limited.addAll(command);
    return limited;
  }

  /** Bytes in use, page cache included. */
  long used() {
    return number(v2 ? "memory.current" : "memory.usage_in_bytes");
  }

  /** How often the kernel killed a process at the limit. */
  long kills() {
    return Long.parseLong(
        lines(v2 ? "memory.events" : "memory.oom_control").stream()
            .filter(line -> line.startsWith("oom_kill "))
            .map(line -> line.substring("oom_kill ".length()))
            .findFirst()
            .orElse("0"));
  }

  private long number(String file) {
    return Long.parseLong(lines(file).get(0));
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(group.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes the cgroup; its processes must have ended. */
  @Override
  public void close() throws IOException {
    Files.delete(group);
  }
}
