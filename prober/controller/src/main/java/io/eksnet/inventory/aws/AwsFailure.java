package io.eksnet.inventory.aws;

import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.Unavailable;
import io.eksnet.model.inventory.Unavailable.Reason;
import java.util.regex.Pattern;

/** A call that brought nothing. */
final class AwsFailure extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int LONGEST = 600;
  private static final Pattern SIGNED =
      Pattern.compile(
          "(?i)((?:x-amz-security-token|x-amz-credential|x-amz-signature|credential|signature)"
              + "[=:]\\s*)[^\\s,;&'\"]+");

  private final transient Unavailable lack;
  private final String code;

  /**
   * @param code the error code of AWS; empty: there was none
   */
  AwsFailure(Reason why, String code, String detail) {
    super(masked(detail), null, false, false);
    var told = masked(detail);
    this.lack = new Unavailable(why, told.length() > LONGEST ? told.substring(0, LONGEST) : told);
    this.code = code;
  }

  /** An error of a signature repeats the request, with its session token. */
  private static String masked(String detail) {
    return SIGNED.matcher(detail).replaceAll("$1<secret>");
  }

  /** Something other than AWS's own word. */
  static AwsFailure error(String detail) {
    return new AwsFailure(Reason.ERROR, "", detail);
  }

  Unavailable lack() {
    return lack;
  }

  /**
   * What was asked for by name or id is gone: {@code InvalidSubnetID.NotFound}, {@code
   * TargetGroupNotFound}, {@code ResourceNotFoundException}.
   */
  boolean notFound() {
    return code.endsWith("NotFound") || code.endsWith("NotFoundException");
  }

  /** What the failure of a reading is to everybody else. */
  static SourceException asFact(Throwable failure) {
    if (failure instanceof SourceException fact) {
      return fact;
    }
    var lack =
        failure instanceof AwsFailure aws
            ? aws.lack()
            : new Unavailable(
                Reason.ERROR, failure.getClass().getSimpleName() + ": " + failure.getMessage());
    return new SourceException(lack.reason(), lack.detail());
  }
}
