package io.eksnet.cli;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.probe.ProbeKinds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every cause is provoked by a fault and reported under its name, and under no other. */
class CausesTest {
  private static final Map<Names, ProbingProgram> PROGRAMS = new EnumMap<>(Names.class);

  @TempDir static Path directory;
  private static Site site;

  @BeforeAll
  static void start() throws IOException {
    site = new Site(directory);
    for (var names : Names.values()) {
      if (names == Names.UNASKED || mayServeNames()) {
        var own = Files.createDirectory(directory.resolve(names.name()));
        PROGRAMS.put(names, ProbingProgram.start(own, site, names, probes(names)));
      }
    }
  }

  private static List<Probed> probes(Names names) {
    return rows().stream().filter(row -> row.names() == names).map(Row::probe).toList();
  }

  @AfterAll
  static void stop() {
    PROGRAMS.values().forEach(ProbingProgram::close);
    site.close();
  }

  static List<Row> rows() {
    return FaultTable.rows();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void aFaultIsCalledByItsNameAndByNoOther(Row row) throws Exception {
    var program = PROGRAMS.get(row.names());
    assumeTrue(program != null, "only root may serve names on port 53");

    var results = Objects.requireNonNull(program).after(2, row.probe());

    assertThat(results.outcomes()).as("%s", row).containsOnlyKeys(row.cause().label());
    assertThat(results.success()).containsExactly(0.0);
    assertThat(results.durations()).as("failures among the durations").isZero();
    assertThat(results.seen())
        .as("%s", row)
        .allSatisfy(
            seen -> {
              assertThat(seen.getString("outcome")).isEqualTo(row.cause().label());
              assertThat(seen.getString("phase")).isEqualTo(row.phase().label());
              assertThat(seen.getString("detail")).isNotBlank();
            });
  }

  static List<Named<KindSpec<?>>> kinds() {
    return ProbeKinds.all().stream().map(kind -> Named.<KindSpec<?>>of(kind.name(), kind)).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void aKindDeclaresTheCausesThatCanBeProvokedAndNoOther(KindSpec<?> kind) {
    var provoked =
        rows().stream()
            .filter(row -> row.probe().kind().equals(kind.name()))
            .map(Row::cause)
            .collect(toSet());

    assertThat(kind.causes()).containsExactlyInAnyOrderElementsOf(provoked);
  }

  @Test
  void everyCauseOfTheVocabularyIsMet() {
    assertThat(rows().stream().map(Row::cause).collect(toSet()))
        .isEqualTo(EnumSet.allOf(Cause.class));
  }

  /** False only if permissions are missing; a port in use is an error. */
  static boolean mayServeNames() throws IOException {
    try (var socket = new ServerSocket(Names.PORT, 1, InetAddress.getByName("127.0.53.200"))) {
      return socket.isBound();
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Permission denied")) {
        return false;
      }
      throw e;
    }
  }
}
