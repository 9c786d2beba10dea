package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ChartValuesTest {
  @Test
  void listsValuesWithDefaultAndTheCommentAboveThem() {
    assertThat(
            ChartValues.markdown(
                """
                # Heading of the file.

                # Labels of all
                # objects.
                labels: {}
                # As in a pod.
                tolerations:
                  - operator: Exists
                # The log.
                log:
                  # One of `info|warn`.
                  level: info
                  # A suffix.
                  suffix: ""
                  # Text that is not a number.
                  label: {sidecar: "1", ratio: 0.5, max: 10%}
                  # Memory.
                  resources:
                    limits: {memory: 192Mi}
                  rules:
                    # Only this one.
                    enabled: auto
                """))
        .isEqualTo(
            """
            | value | default | meaning |
            |---|---|---|
            | `labels` | `{}` | Labels of all objects. |
            | `tolerations` | `[{operator: Exists}]` | As in a pod. |

            ### `log`

            The log.

            | value | default | meaning |
            |---|---|---|
            | `log.level` | `info` | One of `info\\|warn`. |
            | `log.suffix` | `""` | A suffix. |
            | `log.label` | `{sidecar: "1", ratio: 0.5, max: 10%}` | Text that is not a number. |
            | `log.resources` | `{limits: {memory: 192Mi}}` | Memory. |
            | `log.rules.enabled` | `auto` | Only this one. |
            """);
  }

  @Test
  void demandsACommentForEachValue() {
    assertThatThrownBy(() -> ChartValues.markdown("log:\n  # Level.\n  level: info\n  format: x\n"))
        .hasMessageContaining("log.format has no comment");
  }

  @Test
  void demandsTheMarkersOfThePage() {
    assertThatThrownBy(() -> ChartValues.page("# Chart\n", "# A.\na: 1\n"))
        .hasMessageContaining("no marker");
  }
}
