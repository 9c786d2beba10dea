package io.eksnet.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands by which eksnet is installed, as the pages have them. */
class InstallDocsTest {
  private static final Path ROOT = Path.of("../..");
  private static final Path INSTALL = ROOT.resolve("docs/install.md");
  private static final Path NOTES = Helm.CHART.resolve("templates/NOTES.txt");
  private static final Pattern SHELL = Pattern.compile("(?ms)^( *)```sh\\n(.*?)^\\1```");
  private static final Map<String, String> VARIABLES =
      Map.of(
          "AWS_REGION", "us-gov-west-1",
          "ACCOUNT", "111122223333",
          "CLUSTER", "prod-1",
          "ISSUER", "oidc.example/id/A1",
          "PARTITION", "aws-us-gov",
          "REGISTRY", "registry.example");

  @TempDir Path directory;

  @Test
  void thePolicyThatIsHandedToAwsIsFilledIn() throws Exception {
    var policy = json(run(filling("iam-policy.json"), "iam-policy.json"));

    assertThat(policy.toString()).doesNotContain("REGION", "ACCOUNT", "CLUSTER", "arn:aws:");
    assertThat(policy.findValues("ec2:Region")).singleElement().hasToString("\"us-gov-west-1\"");
    assertThat(policy.findValues("Resource").toString())
        .contains(
            "arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/prod-1",
            "arn:aws-us-gov:ec2:us-gov-west-1:aws:prefix-list/*");
  }

  @Test
  void noPageHandsThePolicyToAwsAsItIs() throws IOException {
    var handed = Pattern.compile("--policy-document (file\\S+)");

    assertThat(
            pages().values().stream()
                .flatMap(page -> handed.matcher(page).results())
                .map(found -> found.group(1)))
        .contains("file://target/iam-policy.json")
        .isSubsetOf(
            "file://target/iam-policy.json",
            "file://target/trust-irsa.json",
            "file://k8s/trust-pod-identity.json");
  }

  @Test
  void trustPolicyForIrsaIsFilledIn() throws Exception {
    var trust = json(run(filling("trust-irsa.json"), "trust-irsa.json"));

    assertThat(trust.toString()).doesNotContain("ACCOUNT", "ISSUER", "arn:aws:");
    assertThat(trust.at("/Statement/0/Principal/Federated").asText())
        .isEqualTo("arn:aws-us-gov:iam::111122223333:oidc-provider/oidc.example/id/A1");
  }

  @Test
  void theManifestsWithoutHelmAreFilledInWhereTheyMustBe() throws Exception {
    var text = Files.readString(run(filling("install.yaml"), "install.yaml"));
    var objects = Helm.parse(text);
    var pods = objects.stream().flatMap(object -> object.pod().stream()).toList();

    assertThat(objects.stream().flatMap(object -> StrictKinds.complaint(object).stream()))
        .isEmpty();
    assertThat(text)
        .contains("cluster: prod-1\n", "region: us-gov-west-1\n")
        .doesNotContain(" CLUSTER\n", " REGION\n", "\"REGION\"");
    assertThat(pods)
        .hasSize(2)
        .allSatisfy(
            pod -> {
              assertThat(pod.at("/spec/containers/0/image").asText())
                  .startsWith("registry.example/eksnet:");
              assertThat(Manifest.items(pod.at("/spec/containers/0/env")).map(Object::toString))
                  .contains("{\"name\":\"AWS_REGION\",\"value\":\"us-gov-west-1\"}");
            });
  }

  @Test
  void headerOfManifestsHasCommandOfInstallationPage() throws IOException {
    var head = Files.readString(Helm.MANIFESTS.resolve("install.yaml")).replaceAll("(?m)^# +", "");

    for (var line : filling("install.yaml").split("\n")) {
      assertThat(head).contains(line.strip());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "docs/install.md",
        "docs/operate.md",
        "k8s/helm/eksnet/README.md",
        "dashboards/README.md"
      })
  void aShellReadsEveryBlock(String page) throws Exception {
    var blocks = SHELL.matcher(Files.readString(ROOT.resolve(page))).results().toList();

    assertThat(blocks).isNotEmpty();
    for (var block : blocks) {
      var check = shell("-n", "-c", block.group(2));
      var output = new String(check.getInputStream().readAllBytes(), UTF_8);
      assertThat(check.waitFor()).as(block.group(2) + output).isZero();
    }
  }

  @Test
  void pagesReachEitherReplicaThroughTheService() throws IOException {
    assertThat(having("port-forward service/eksnet-controller")).hasSizeGreaterThan(2);
    assertThat(having("port-forward pod/$LEADER")).isEmpty();
  }

  @Test
  void theNotesOfAClusterWithoutNodesAskForIrsa() {
    var fargate = Helm.CHART.resolve("ci/fargate-only-values.yaml");

    assertThat(notes(fargate, "--set=serviceAccount.roleArn="))
        .contains("AWS is NOT read", "serviceAccount.roleArn")
        .doesNotContain("create-pod-identity-association");
    assertThat(notes(fargate)).doesNotContain("AWS is NOT read");
    assertThat(notes(Helm.CHART.resolve("ci/plain-eks-values.yaml"), "--set=fargate.enabled=true"))
        .contains("create-pod-identity-association");
  }

  private static String notes(Path values, String... more) {
    var command =
        Stream.concat(
            Stream.of("install", "eksnet", Helm.CHART.toString(), "--namespace", "eksnet"),
            Stream.concat(
                Stream.of("--dry-run=client", "--values", values.toString()), Stream.of(more)));
    var out = Helm.run(Map.of(), command.toArray(String[]::new)).text();
    return out.substring(out.indexOf("NOTES:"));
  }

  /** The command of the installation page that fills in a file of k8s. */
  private static String filling(String file) throws IOException {
    var command =
        Pattern.compile("(?m)^sed \"[^\\n]*\\\\\\n +k8s/" + file + " >target/" + file + "$");
    return command
        .matcher(Files.readString(INSTALL))
        .results()
        .map(MatchResult::group)
        .findFirst()
        .orElseThrow();
  }

  private Path run(String command, String file) throws Exception {
    Files.createDirectories(directory.resolve("k8s"));
    Files.createDirectories(directory.resolve("target"));
    Files.copy(Helm.MANIFESTS.resolve(file), directory.resolve("k8s").resolve(file));
    var filled = shell("-euc", command);
    assertThat(filled.waitFor()).isZero();
    return directory.resolve("target").resolve(file);
  }

  private Process shell(String... arguments) throws IOException {
    var command = Stream.concat(Stream.of("sh"), Arrays.stream(arguments)).toList();
    var builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().putAll(VARIABLES);
    return builder.start();
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  private static List<Path> having(String text) throws IOException {
    var pages = pages();
    return pages.keySet().stream().filter(page -> pages.get(page).contains(text)).toList();
  }

  private static Map<Path, String> pages() throws IOException {
    var pages = new TreeMap<Path, String>();
    try (var books = Files.list(ROOT.resolve("dashboards/runbooks"))) {
      var others =
          Stream.of(INSTALL, NOTES, ROOT.resolve("README.md"), ROOT.resolve("SECURITY.md"));
      for (var page : Stream.concat(others, books).toList()) {
        pages.put(page, Files.readString(page));
      }
    }
    return pages;
  }
}
