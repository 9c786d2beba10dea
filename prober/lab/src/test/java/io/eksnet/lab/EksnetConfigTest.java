package io.eksnet.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EksnetConfigTest {
  @Test
  void configuresProbesOfEveryKindForTheServices() {
    try (var lab = Lab.start()) {
      var yaml = EksnetConfig.probes(lab, Path.of("/tmp/it's here/ca.pem"));

      assertThat(yaml)
          .contains("targets: ['http://127.0.0.1:" + lab.http().port() + "/ok']")
          .contains("targets: ['https://127.0.0.1:" + lab.https().port() + "/ok']")
          .contains("tls: {ca_file: '/tmp/it''s here/ca.pem'}")
          .contains("kind: dns")
          .contains("kind: tcp")
          .contains("kind: tls")
          .doesNotContain("@");
    }
  }
}
