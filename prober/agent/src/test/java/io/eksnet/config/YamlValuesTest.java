package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class YamlValuesTest {
  @Test
  void wordsStayAsTheyStandThere() {
    assertThat(YamlValues.of("a: 0.20\nb: [5m, &x yes, *x]\nc: {d: null}"))
        .isEqualTo(Map.of("a", "0.20", "b", List.of("5m", "yes", "yes"), "c", Map.of("d", "null")));
  }

  @Test
  void whatIsNoMappingIsRefused() {
    assertThatThrownBy(() -> YamlValues.of("- a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a mapping is asked for");
    assertThatThrownBy(() -> YamlValues.of("a: ["))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not YAML");
  }
}
