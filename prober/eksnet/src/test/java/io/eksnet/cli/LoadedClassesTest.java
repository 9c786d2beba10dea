package io.eksnet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an agent carries on every node. */
@Timeout(120)
class LoadedClassesTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path directory;

  @Test
  void anAgentLoadsNoClassThatItDoesNotNeed() throws Exception {
    var loaded = directory.resolve("loaded");
    var address = ChildProgram.freeAddress();
    var controller = ChildProgram.freeAddress().split(":", 2);
    var environment =
        Map.of(
            "JAVA_TOOL_OPTIONS",
            "-Xlog:class+load:file=" + loaded,
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "EKSNET_CONTROLLER_SERVICE_HOST",
            controller[0],
            "EKSNET_CONTROLLER_SERVICE_PORT",
            controller[1]);
    try (var agent =
        ChildProgram.start(directory, environment, "agent", "--web.listen-address=" + address)) {
      agent.await(HTTP, URI.create("http://" + address + "/-/ready"));
      Await.until(
          "a vain question for the plan",
          Duration.ofSeconds(60),
          agent::stderr,
          log -> log.contains("plan fetch failed, keeping previous plan"));
      agent.signal("TERM");
      assertThat(agent.exit()).isEqualTo(143);
    }
    var classes = Files.readString(loaded);
    assertThat(classes).contains(" io.eksnet.agent.Prober ", " io.eksnet.agent.PlanFetch ");
    assertThat(classes.lines().filter(LoadedClassesTest::isUnneeded)).isEmpty();
  }

  /** The clients of Kubernetes and AWS, and picocli, which takes a quarter of a start. */
  private static boolean isUnneeded(String line) {
    return line.contains(" picocli.")
        || line.contains(" io.fabric8.")
        || line.contains(" software.amazon.")
        || line.contains(" io.eksnet.inventory.kube.")
        || line.contains(" io.eksnet.inventory.aws.");
  }
}
