package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlParserTest {
  @Test
  void keepsScalarsAsText() {
    assertThat(YamlParser.parseMap("a: 0.20\nb: [5m, &x yes, *x]\nc: {d: null}"))
        .isEqualTo(Map.of("a", "0.20", "b", List.of("5m", "yes", "yes"), "c", Map.of("d", "null")));
  }

  @Test
  void rejectsWhatIsNoMapping() {
    assertThatThrownBy(() -> YamlParser.parseMap("- a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the YAML is not a mapping");
    assertThatThrownBy(() -> YamlParser.parseMap("a: ["))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not YAML");
  }
}
