package io.eksnet.lab.aws;

/** An error response of an AWS API. */
final class AwsError extends RuntimeException {
  private final int status;
  private final String code;

  AwsError(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  static AwsError invalidParameter(String message) {
    return new AwsError(400, "InvalidParameterValue", message);
  }

  static AwsError invalidAction(String action) {
    return new AwsError(
        400, "InvalidAction", "The action " + action + " is not valid for this web service.");
  }
}
