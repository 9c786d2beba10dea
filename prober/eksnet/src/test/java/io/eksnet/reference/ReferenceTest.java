package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.config.SampleKinds;
import io.eksnet.model.diagnosis.RootCause;
import io.eksnet.reference.alerts.Monitoring;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTest {
  private static final Monitoring NOTHING =
      new Monitoring(List.of(), List.of(), List.of(), List.of());

  @Test
  void showsExamplesOfSettingsForEachKind() {
    assertThat(Example.of(SampleKinds.list().get(0)))
        .isEqualTo(
            """
            probes:
              - name: my-page
                kind: page
                targets: ["https://shop.example.com"]
                headers: {Accept: text/html}
                expect:
                  status: [2xx, 301]
            """);
  }

  @Test
  void hasSectionWithSettingsPhasesAndCausesForEachKind() {
    var page = ConfigPage.markdown(SampleKinds.list());

    assertThat(page.substring(page.indexOf("## Probes of kind `port`")))
        .isEqualTo(
            """
            ## Probes of kind `port`

            Opens a connection.

            ```yaml
            probes:
              - name: my-port
                kind: port
                targets: ["db.internal:5432"]
                expect: '220 \\w+'
            ```

            In addition to the keys of every probe:

            | key | type | default | meaning |
            |---|---|---|---|
            | `hello` | true or false | `false` | Whether to say hello. |
            | `expect` | regular expression | – | What to expect. Example: `'220 \\w+'`. |

            Phases: `connect`.

            Causes of failure: [`conn_refused`](causes.md), [`timeout`](causes.md).
            """);
  }

  @Test
  void listsTypeBoundsDefaultAndMeaningOfKeys() {
    assertThat(ConfigPage.markdown(SampleKinds.list()))
        .contains(
            "| `defaults` | mapping | – | Defaults of your own probes. |\n",
            "## `limits`\n",
            "| `runs_in_flight` | whole number, 1 to 100000 | `1000` | Runs in flight at once.",
            "| `stall` | duration, 10ms to 10s | `100ms` |",
            "| `cluster` | text | `\"\"` |",
            "| `dns.cluster_domain` | text, or `null` | `cluster.local` |",
            "| `name` | text, 1 to 128 characters | required |",
            "| `expect.status` | list of text | `[2xx]` | Status codes or classes. Example: `[2xx,"
                + " 301]`. |\n",
            "| `method` | `GET`, `HEAD` | `GET` |",
            "| `steps[].answer` | regular expression | – |",
            "| `alpn` | list of text, each once | `[h2, http/1.1]` |");
  }

  @Test
  void marksKeysAndSectionsThatNeedARestart() {
    assertThat(ConfigPage.markdown(SampleKinds.list()))
        .contains(
            "always counts. *Needs a restart.* |\n",
            "carries, such as the environment. *Needs a restart.* Example: `{env: prod}`. |\n",
            "## `web`\n\nWhat the endpoints show and who needs a token. *Needs a restart.*\n")
        .contains("counted in `eksnet_targets_dropped_total`. So are");
  }

  @Test
  void listsKindsOfEachOutcome() {
    assertThat(CausesPage.markdown(SampleKinds.list()))
        .contains(
            "| `conn_refused` | the host answered that nothing listens there | `port` |\n",
            "| `timeout` | no response before the timeout | `page`, `port` |\n",
            "| `nxdomain` | the name does not exist |  |\n");
  }

  @Test
  void linksEveryCauseToItsFix() {
    var page = CausesPage.markdown(SampleKinds.list());

    assertThat(page)
        .contains(
            "| [`credentials_not_associated`](../../dashboards/runbooks/EksNetDiagnosis.md#credentials_not_associated)"
                + " | `credentials` | R19, R53 | a component has no AWS credentials: its service"
                + " account has no IAM role |\n",
            "is `high` from 80 %, `medium` from 50 %");
    assertThat(RootCause.values())
        .allSatisfy(cause -> assertThat(page).contains("[`" + cause.label() + "`]"));
  }

  @Test
  void listsAnnotationsWithValuesAndExample() {
    assertThat(AnnotationsPage.markdown())
        .contains(
            """
            metadata:
              annotations:
                eksnet.io/probe: "https"
                eksnet.io/path: "/health"
            """,
            "| `eksnet.io/interval` | a duration of 1s to 1d | for a Service"
                + " `suites.service.interval`, else `suites.lb.interval` | The probe interval. |\n");
  }

  @Test
  void reportsStalePages(@TempDir Path directory) throws Exception {
    var pages = Reference.pages(SampleKinds.list(), List.of(), List.of(), NOTHING);

    assertThat(Reference.stale(directory.resolve("none"), pages))
        .containsExactly(
            "alerts.md",
            "annotations.md",
            "causes.md",
            "config.md",
            "config.schema.json",
            "metrics.md",
            "permissions.md");
    Reference.write(directory, pages);
    assertThat(Reference.stale(directory, pages)).isEmpty();
    Files.writeString(directory.resolve("config.md"), "by hand");
    Files.delete(directory.resolve("causes.md"));
    Files.writeString(directory.resolve("old.md"), "left over");
    assertThat(Reference.stale(directory, pages))
        .containsExactly("causes.md", "config.md", "old.md");
    Reference.write(directory, pages);
    assertThat(Reference.stale(directory, pages)).containsExactly("old.md");
  }
}
