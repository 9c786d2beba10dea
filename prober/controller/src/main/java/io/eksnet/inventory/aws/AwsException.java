package io.eksnet.inventory.aws;

import io.eksnet.inventory.SourceException;
import io.eksnet.model.Secrets;
import io.eksnet.model.inventory.Unavailable.Reason;

/** A failed AWS request. */
final class AwsException extends SourceException {
  private static final long serialVersionUID = 1;
  private static final int MAX_DETAIL_LENGTH = 600;

  private final String errorCode;

  /**
   * @param errorCode as AWS returned it; empty if AWS did not answer
   */
  AwsException(Reason reason, String errorCode, String detail) {
    super(reason, abbreviated(Secrets.redact(detail)));
    this.errorCode = errorCode;
  }

  static AwsException error(String detail) {
    return new AwsException(Reason.ERROR, "", detail);
  }

  /**
   * Whether the requested object does not exist: {@code InvalidSubnetID.NotFound}, {@code
   * TargetGroupNotFound}, {@code ResourceNotFoundException}.
   */
  static boolean isNotFound(Throwable failure) {
    return failure instanceof AwsException aws
        && (aws.errorCode.endsWith("NotFound") || aws.errorCode.endsWith("NotFoundException"));
  }

  static boolean isDenied(Throwable failure) {
    return failure instanceof AwsException aws && aws.lack().reason() == Reason.DENIED;
  }

  private static String abbreviated(String text) {
    return text.length() > MAX_DETAIL_LENGTH ? text.substring(0, MAX_DETAIL_LENGTH) : text;
  }
}
