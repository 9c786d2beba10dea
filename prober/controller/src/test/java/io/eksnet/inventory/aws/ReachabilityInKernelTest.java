package io.eksnet.inventory.aws;

import static io.eksnet.model.inventory.SecurityPath.Verdict.BLOCKED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.PERMITTED;
import static io.eksnet.model.inventory.SecurityPath.Verdict.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eksnet.inventory.aws.KernelNetwork.Attempt;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The verdicts about random security groups, network ACLs and route tables, against real
 * connections in two network namespaces where nftables has the same rules and the kernel the same
 * routes. {@code make soak} runs more rounds.
 */
class ReachabilityInKernelTest {
  private static final int PATHS = 150;
  private static final int ROUNDS = Integer.getInteger("reachability.rounds", 1);
  private static final long SEED = Long.getLong("reachability.seed", 7);

  @TempDir Path directory;

  @Test
  @Timeout(600)
  void agreesWithConnectionsThroughTheSameRules() throws Exception {
    assumeTrue(KernelNetwork.isAvailable(), "needs root, unshare, ip and nft");
    for (var round = 0; round < ROUNDS; round++) {
      var random = new Random(SEED + round);
      var paths = IntStream.range(0, PATHS).mapToObj(i -> RandomPath.of(i, random)).toList();
      assertAgrees(paths, "seed " + (SEED + round));
    }
  }

  private void assertAgrees(List<RandomPath> paths, String seed) throws Exception {
    var attempts = new KernelNetwork(directory).connect(paths);

    for (var path : paths) {
      var own = attempts.stream().filter(attempt -> attempt.path() == path.number()).toList();
      var verdict = path.verdict();
      assertThat(own).as("attempts of path %d, %s", path.number(), seed).isNotEmpty();
      if (verdict == UNKNOWN) {
        assertThat(path.mayBeUnknown()).as("%s: %s", seed, path).isTrue();
      } else {
        assertThat(own)
            .as("%s: %s is %s", seed, path, verdict)
            .allMatch(attempt -> attempt.connected() == (verdict == PERMITTED));
      }
    }
    for (var verdict : List.of(PERMITTED, BLOCKED)) {
      assertThat(paths.stream().filter(path -> path.verdict() == verdict).count())
          .as("paths that are %s, %s", verdict, seed)
          .isGreaterThan(PATHS / 6);
    }
    assertThat(attempts).as(seed).extracting(Attempt::connected).contains(true, false);
  }
}
