package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  @Test
  void findsTemplatesInNestedValues() {
    var spec =
        Map.of(
            "subnetSelectorTerms",
            List.of(Map.of("tags", Map.of("karpenter.sh/discovery", "${cluster_name}"))));

    assertThat(Templates.unrendered(spec))
        .containsExactly("subnetSelectorTerms[0].tags.karpenter.sh/discovery: ${cluster_name}");
  }

  @Test
  void findsTemplatesInKeys() {
    assertThat(Templates.unrendered(Map.of("tags", Map.of("{{ .Values.key }}", "owned"))))
        .containsExactly("tags.{{ .Values.key }}: {{ .Values.key }}");
  }

  @Test
  void ignoresUserData() {
    assertThat(Templates.unrendered(Map.of("userData", "#!/bin/sh\necho ${HOME}"))).isEmpty();
  }

  @Test
  void ignoresRenderedValues() {
    assertThat(
            Templates.unrendered(
                Map.of("role", "KarpenterNodeRole-shop", "amis", List.of("$1", "{x}"))))
        .isEmpty();
  }

  @Test
  void boundsTheNumberOfResults() {
    assertThat(Templates.unrendered(Collections.nCopies(500, "${x}"))).hasSize(20);
  }
}
