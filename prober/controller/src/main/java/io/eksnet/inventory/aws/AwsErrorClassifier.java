package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Unavailable.Reason;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Which kind of failure an exception of the SDK stands for. */
final class AwsErrorClassifier {
  /** The credentials were good once. */
  private static final Set<String> EXPIRED =
      Set.of("ExpiredToken", "ExpiredTokenException", "RequestExpired");

  /** AWS does not accept the credentials at all; a policy would not help. */
  private static final Set<String> UNKNOWN_CREDENTIALS =
      Set.of(
          "InvalidClientTokenId",
          "UnrecognizedClientException",
          "UnrecognizedClient",
          "AuthFailure",
          "InvalidAccessKeyId",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "IncompleteSignature",
          "SignatureDoesNotMatch",
          "InvalidSignatureException",
          "InvalidIdentityToken");

  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "AccessDeniedException",
          "UnauthorizedOperation",
          "UnauthorizedAccess",
          "UnauthorizedException",
          "AuthorizationError",
          "NotAuthorized",
          "OperationNotPermitted");

  private static final Set<String> THROTTLED =
      Set.of(
          "RequestLimitExceeded",
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "RequestThrottled",
          "RequestThrottledException",
          "TooManyRequests",
          "TooManyRequestsException",
          "EC2ThrottledException",
          "SlowDown");

  private static final int TOO_MANY_REQUESTS = 429;

  private AwsErrorClassifier() {}

  static AwsFailure of(String operation, Throwable thrown) {
    var failure = unwrapped(thrown);
    if (failure instanceof AwsFailure known) {
      return known;
    }
    if (failure instanceof AwsServiceException answer) {
      return ofAnswer(operation, answer);
    }
    if (isTimeout(failure)) {
      return new AwsFailure(Reason.TIMEOUT, "", operation + " was not answered in time");
    }
    return AwsFailure.error(operation + ": " + reason(failure));
  }

  private static AwsFailure ofAnswer(String operation, AwsServiceException answer) {
    var code = code(answer);
    var said = operation + ": " + code + ": " + message(answer);
    if (answer.statusCode() == TOO_MANY_REQUESTS || THROTTLED.contains(code)) {
      return new AwsFailure(Reason.THROTTLED, code, said);
    }
    if (DENIED.contains(code)) {
      return new AwsFailure(Reason.DENIED, code, said);
    }
    if (EXPIRED.contains(code)) {
      return new AwsFailure(Reason.ERROR, code, "the credentials have expired; " + said);
    }
    if (UNKNOWN_CREDENTIALS.contains(code)) {
      return new AwsFailure(Reason.ERROR, code, "AWS does not accept the credentials; " + said);
    }
    return new AwsFailure(Reason.ERROR, code, said + " (HTTP " + answer.statusCode() + ")");
  }

  private static String code(AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static String message(AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    return details == null || details.errorMessage() == null
        ? String.valueOf(answer.getMessage())
        : details.errorMessage();
  }

  /** The SDK, Netty and the JDK each have timeouts of their own, with this name in common. */
  private static boolean isTimeout(Throwable failure) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (cause.getClass().getSimpleName().endsWith("TimeoutException")) {
        return true;
      }
    }
    return false;
  }

  private static String reason(Throwable failure) {
    var text = String.valueOf(failure.getMessage());
    return text.toLowerCase(Locale.ROOT).contains("unable to load credentials")
        ? "there are no credentials; " + text
        : failure.getClass().getSimpleName() + ": " + text;
  }

  private static Throwable unwrapped(Throwable thrown) {
    var cause = thrown.getCause();
    return thrown instanceof CompletionException && cause != null ? unwrapped(cause) : thrown;
  }
}
