package io.eksnet.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ItemCodecTest {
  private static final YamlNode SOURCE = YamlNode.parse("test.yaml", "{}");

  @Test
  void readsWhatItWrote() {
    for (var kind : ItemCodec.KINDS.values()) {
      for (var item : TestClusters.healthy().all(kind)) {
        var read = ItemCodec.read(kind, ItemCodec.toTree(item), SOURCE, Instant.EPOCH);

        assertThat(read).isEqualTo(item);
      }
    }
  }

  @Test
  void theDocumentNamesEveryKind() throws Exception {
    var text = Files.readString(Path.of("../../docs/scenarios.md"));

    assertThat(ItemCodec.KINDS.keySet()).allMatch(kind -> text.contains("`" + kind + "`"));
  }
}
