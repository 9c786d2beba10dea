package io.eksnet.inventory.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.RecordedMessage;
import io.eksnet.model.inventory.Unavailable.Reason;
import java.net.SocketTimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;

class AwsErrorClassifierTest {
  @Test
  void missingCredentialsAreNamed() {
    var failure =
        AwsErrorClassifier.classify(
            "DescribeSubnets",
            SdkClientException.create(
                "Unable to load credentials from any of the providers in the chain"));
    assertThat(failure.lack().reason()).isEqualTo(Reason.ERROR);
    assertThat(failure.lack().detail())
        .startsWith("DescribeSubnets: there are no credentials; Unable to load credentials");
  }

  @Test
  void nestedTimeoutIsATimeout() {
    assertThat(
            AwsErrorClassifier.classify(
                    "DescribeSubnets",
                    SdkClientException.create("I/O", new SocketTimeoutException("read")))
                .lack()
                .reason())
        .isEqualTo(Reason.TIMEOUT);
    assertThat(AwsErrorClassifier.classify("X", ApiCallTimeoutException.create(5)).lack().reason())
        .isEqualTo(Reason.TIMEOUT);
  }

  static Stream<RecordedMessage> recorded() {
    return RecordedMessage.readBy("aws");
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void classifiesErrorCodesOfAws(RecordedMessage recorded) {
    var answer =
        AwsServiceException.builder()
            .statusCode(Integer.parseInt(recorded.fromEnd(0)))
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode(recorded.fromEnd(1))
                    .errorMessage(recorded.message())
                    .build())
            .build();

    var lack = AwsErrorClassifier.classify("DescribeSubnets", answer).lack();

    assertThat(lack.reason().label()).as(recorded.where()).isEqualTo(recorded.expected());
    assertThat(lack.detail()).contains(recorded.message());
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidSubnetID.NotFound, true",
    "TargetGroupNotFound, true",
    "ResourceNotFoundException, true",
    "AccessDenied, false",
    "'', false"
  })
  void deletedObjectIsRecognisedByItsErrorCode(String code, boolean gone) {
    assertThat(AwsException.isNotFound(new AwsException(Reason.ERROR, code, "x"))).isEqualTo(gone);
  }

  @Test
  void longMessageIsTruncated() {
    assertThat(AwsException.error("x".repeat(5_000)).lack().detail()).hasSize(600);
  }

  /** The answer of EC2 to a signature that does not match. */
  @Test
  void credentialsInAnErrorMessageAreRedacted() {
    var message =
        "The Canonical String for this request should have been 'POST\n/\nhost:a\n"
            + "x-amz-security-token:FwoGZXIvYXdzE/+=\n\nhost;x-amz-security-token\n' of"
            + " AWS4-HMAC-SHA256 Credential=AKIA123/eu, SignedHeaders=a, Signature=0f0f";

    assertThat(AwsException.error(message).lack().detail())
        .doesNotContain("FwoG", "AKIA", "0f0f")
        .contains("x-amz-security-token:<secret>\n", "Credential=<secret>, SignedHeaders=a");
    assertThat(AwsException.error(message).getMessage()).doesNotContain("FwoG", "AKIA", "0f0f");
  }
}
