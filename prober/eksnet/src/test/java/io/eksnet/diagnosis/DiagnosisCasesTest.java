package io.eksnet.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Scenarios of the lab and the cases beside this test, in the same format: each stage is a state of
 * a cluster. A case is a cause with a part of it broken, or a healthy cluster that looks like it.
 */
class DiagnosisCasesTest {
  /** Reading a case is mostly waiting for the clients. */
  private static final int LABS = 4;

  private static final List<DiagnosisCase> CASES = DiagnosisCase.all();
  private static final Map<DiagnosisCase, Future<DiagnosisCase.Result>> RESULTS =
      new LinkedHashMap<>();

  /** Reads all cases, each once. */
  @BeforeAll
  static void start() throws IOException {
    var labs = new LinkedBlockingQueue<LabEvidence>();
    for (int i = 0; i < LABS; i++) {
      labs.add(new LabEvidence());
    }
    var threads = Executors.newFixedThreadPool(LABS);
    CASES.forEach(one -> RESULTS.put(one, threads.submit(() -> read(one, labs))));
    for (int i = 0; i < LABS; i++) {
      threads.execute(() -> labs.remove().close());
    }
    threads.shutdown();
  }

  @AfterAll
  static void stop() {
    RESULTS.clear();
  }

  static List<DiagnosisCase> cases() {
    return CASES;
  }

  private static DiagnosisCase.Result read(DiagnosisCase one, BlockingQueue<LabEvidence> labs)
      throws Exception {
    var lab = labs.take();
    try {
      return DiagnosisCase.Result.of(lab.of(one.stage().change().apply(lab.healthy())));
    } finally {
      labs.add(lab);
    }
  }

  private static DiagnosisCase.Result result(DiagnosisCase one) throws Exception {
    return Objects.requireNonNull(RESULTS.get(one)).get();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void findsWhatIsExpectedAndNothingElse(DiagnosisCase one) throws Exception {
    assertThat(one.rightOf(result(one))).containsAll(one.stage().finds());
    assertThat(result(one).found()).allMatch(one::allows);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isNotWrongWithHighConfidenceWithoutOneResource(DiagnosisCase one) throws Exception {
    assertThat(result(one).withoutOne())
        .allSatisfy((resource, found) -> assertThat(found).allMatch(one::allows));
  }

  @Test
  void thePageInTheDocsIsFresh() throws Exception {
    var results = new LinkedHashMap<DiagnosisCase, DiagnosisCase.Result>();
    for (var one : CASES) {
      results.put(one, result(one));
    }
    var page = new DiagnosisCasesPage(results);
    Files.writeString(Path.of("target/diagnosis-cases.md"), page.text());

    assertThat(page.unknownCauses()).isEmpty();
    assertThat(Path.of("../../docs/diagnosis-cases.md"))
        .as("copy prober/eksnet/target/diagnosis-cases.md to docs after a look at the changes")
        .hasContent(page.text());
  }
}
