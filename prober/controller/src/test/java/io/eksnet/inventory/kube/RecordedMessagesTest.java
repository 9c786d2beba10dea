package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.RecordedMessage;
import io.eksnet.model.Labelled;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parsers on the messages that real programs write. */
class RecordedMessagesTest {
  static Stream<RecordedMessage> scheduler() {
    return RecordedMessage.readBy("scheduler");
  }

  static Stream<RecordedMessage> reconcile() {
    return RecordedMessage.readBy("reconcile");
  }

  static Stream<RecordedMessage> sandbox() {
    return RecordedMessage.readBy("sandbox");
  }

  static Stream<RecordedMessage> imagePull() {
    return RecordedMessage.readBy("image_pull");
  }

  static Stream<RecordedMessage> node() {
    return RecordedMessage.readBy("node");
  }

  static Stream<RecordedMessage> launch() {
    return RecordedMessage.readBy("launch");
  }

  static Stream<RecordedMessage> aggregatedApi() {
    return RecordedMessage.readBy("aggregated_api");
  }

  @ParameterizedTest
  @MethodSource("scheduler")
  void classifiesMessagesOfSchedulers(RecordedMessage recorded) {
    assertThat(SchedulerMessageParser.parse(recorded.message()).label())
        .as(recorded.message())
        .isEqualTo(recorded.expected());
  }

  @ParameterizedTest
  @MethodSource("reconcile")
  void classifiesErrorsOfControllers(RecordedMessage recorded) {
    assertThat(ReconcileErrorParser.parse(recorded.message()).label())
        .as(recorded.message())
        .isEqualTo(recorded.expected());
  }

  @ParameterizedTest
  @MethodSource("sandbox")
  void classifiesEventsAboutSandboxes(RecordedMessage recorded) {
    assertThat(
            SandboxEventParser.parse(recorded.fromEnd(0), recorded.message())
                .map(Labelled::label)
                .orElse("none"))
        .as(recorded.message())
        .isEqualTo(recorded.expected());
  }

  @ParameterizedTest
  @MethodSource("imagePull")
  void classifiesErrorsOfImagePulls(RecordedMessage recorded) {
    assertThat(
            ImagePullError.parse(recorded.fromEnd(0), recorded.message(), "")
                .flatMap(ImagePullError::reason)
                .map(Labelled::label)
                .orElse("none"))
        .as(recorded.message())
        .isEqualTo(recorded.expected());
  }

  @ParameterizedTest
  @MethodSource("node")
  void classifiesConditionsOfNodes(RecordedMessage recorded) {
    assertThat(CachedNode.reason(recorded.fromEnd(0), recorded.message()).label())
        .as(recorded.message())
        .isEqualTo(recorded.expected());
  }

  @ParameterizedTest
  @MethodSource("launch")
  void classifiesFailedLaunches(RecordedMessage recorded) {
    assertThat(NodeClaimParser.cause(recorded.fromEnd(0), recorded.message()).label())
        .as(recorded.message())
        .isEqualTo(recorded.expected());
  }

  @ParameterizedTest
  @MethodSource("aggregatedApi")
  void classifiesConditionsOfApiServices(RecordedMessage recorded) {
    assertThat(ExtensionSources.problem(recorded.fromEnd(0), recorded.message()))
        .as(recorded.message())
        .hasToString(recorded.expected().toUpperCase(Locale.ROOT));
  }
}
