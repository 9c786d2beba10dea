package io.eksnet.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordedMessageTest {
  private static final Set<String> PARSERS =
      Set.of(
          "scheduler",
          "reconcile",
          "sandbox",
          "image_pull",
          "node",
          "launch",
          "aggregated_api",
          "aws",
          "-");

  @Test
  void namesProgramVersionsPlaceAndSourceOfEachMessage() {
    assertThat(RecordedMessage.all())
        .hasSizeGreaterThan(400)
        .allSatisfy(
            message -> {
              assertThat(message.program()).isNotBlank();
              assertThat(message.versions()).isNotBlank();
              assertThat(message.where()).isNotBlank();
              assertThat(message.message()).isNotBlank();
              assertThat(message.source()).isNotBlank();
              assertThat(message.parser()).isIn(PARSERS);
            });
  }

  @Test
  void hasEachMessageOnce() {
    assertThat(RecordedMessage.all())
        .extracting(message -> message.where() + message.message())
        .doesNotHaveDuplicates();
  }
}
