package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Unavailable.Reason;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Maps exceptions of the SDK to the reasons why a resource is unavailable. */
final class AwsErrorClassifier {
  private static final int FORBIDDEN = 403;

  /** The SDK classifies throttling and clock skew, but not authentication. */
  private static final Set<String> EXPIRED_CREDENTIALS =
      Set.of("ExpiredToken", "ExpiredTokenException");

  private static final Set<String> INVALID_CREDENTIALS =
      Set.of(
          "AuthFailure",
          "IncompleteSignature",
          "InvalidAccessKeyId",
          "InvalidClientTokenId",
          "InvalidIdentityToken",
          "InvalidSignatureException",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException");

  private static final Set<String> REGION_DISABLED =
      Set.of("OptInRequired", "RegionDisabledException");

  /** Missing permissions that some services do not answer with status 403. */
  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "NotAuthorized",
          "OperationNotPermitted",
          "UnauthorizedException",
          "UnauthorizedOperation");

  private AwsErrorClassifier() {}

  static AwsException classify(String operation, Throwable thrown) {
    var known = awsException(thrown);
    if (known.isPresent()) {
      return known.get();
    }
    if (thrown instanceof AwsServiceException answer) {
      return classify(operation, answer);
    }
    return isTimeout(thrown)
        ? new AwsException(Reason.TIMEOUT, "", operation + " was not answered in time")
        : AwsException.error(operation + ": " + message(thrown));
  }

  /** The classified failure that a cause is, or that {@link RequestInterceptor} attached to it. */
  static Optional<AwsException> awsException(Throwable thrown) {
    for (var cause = thrown; cause != null; cause = cause.getCause()) {
      var known =
          Stream.concat(Stream.of(cause), Stream.of(cause.getSuppressed()))
              .filter(AwsException.class::isInstance)
              .map(AwsException.class::cast)
              .findFirst();
      if (known.isPresent()) {
        return known;
      }
    }
    return Optional.empty();
  }

  private static AwsException classify(String operation, AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    var code = details == null ? "" : SdkValues.orEmpty(details.errorCode());
    var message =
        details == null || details.errorMessage() == null
            ? answer.getMessage()
            : details.errorMessage();
    var text = operation + ": " + code + ": " + message;
    if (answer.isThrottlingException()) {
      return new AwsException(Reason.THROTTLED, code, text);
    }
    if (EXPIRED_CREDENTIALS.contains(code)) {
      return new AwsException(Reason.ERROR, code, "the credentials have expired; " + text);
    }
    if (answer.isClockSkewException()) {
      return new AwsException(
          Reason.ERROR,
          code,
          "the credentials have expired or the clock of this host is wrong; " + text);
    }
    if (REGION_DISABLED.contains(code)) {
      return new AwsException(
          Reason.ERROR, code, "the Region or the service is not enabled for this account; " + text);
    }
    if (INVALID_CREDENTIALS.contains(code)) {
      return new AwsException(
          Reason.ERROR,
          code,
          "AWS does not accept the credentials, or the Region is not enabled for this account; "
              + text);
    }
    if (answer.statusCode() == FORBIDDEN || DENIED.contains(code)) {
      return new AwsException(Reason.DENIED, code, text);
    }
    return new AwsException(Reason.ERROR, code, text + " (HTTP " + answer.statusCode() + ")");
  }

  /** The SDK, Netty and the JDK have timeout exceptions without a common supertype. */
  private static boolean isTimeout(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getClass().getSimpleName().endsWith("TimeoutException")) {
        return true;
      }
    }
    return false;
  }

  private static String message(Throwable failure) {
    var text = String.valueOf(failure.getMessage());
    return text.toLowerCase(Locale.ROOT).contains("unable to load credentials")
        ? "there are no credentials; " + text
        : failure.getClass().getSimpleName() + ": " + text;
  }
}
