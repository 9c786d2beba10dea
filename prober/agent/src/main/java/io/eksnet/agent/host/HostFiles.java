package io.eksnet.agent.host;

import io.eksnet.model.HostNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** resolv.conf and the hosts file, as they were read last. */
public final class HostFiles {
  /** The rest is not read, so that no file can fill the memory. */
  private static final int MAX_BYTES = 1 << 20;

  private final Path resolvConf;
  private final Path hosts;
  private volatile State state;

  private record State(String resolvConf, String hosts, HostNames names, Optional<String> problem) {
    static State of(String resolvConf, String hosts, Optional<String> problem) {
      var names = new HostNames(ResolvConfFile.parse(resolvConf), HostsFile.parse(hosts));
      return new State(resolvConf, hosts, names, problem);
    }
  }

  /** Reads the files for the first time; one that cannot be read counts as empty. */
  public HostFiles(Path resolvConf, Path hosts) {
    this.resolvConf = resolvConf;
    this.hosts = hosts;
    this.state = State.of("", "", Optional.empty());
    reread();
  }

  /** The content of the files; never blocks. */
  public HostNames names() {
    return state.names();
  }

  /** What could not be read the last time; its previous content stays. */
  public Optional<String> problem() {
    return state.problem();
  }

  /** Reads the files again; blocks. Returns whether they have changed. */
  public boolean reread() {
    var before = state;
    var problems = new StringBuilder();
    var now =
        State.of(
            read(resolvConf, before.resolvConf(), problems),
            read(hosts, before.hosts(), problems),
            Optional.of(problems.toString()).filter(text -> !text.isEmpty()));
    state = now;
    return !now.names().equals(before.names());
  }

  private static String read(Path file, String before, StringBuilder problems) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      problems.append(problems.length() > 0 ? "; " : "").append("cannot read ").append(e);
      return before;
    }
  }
}
