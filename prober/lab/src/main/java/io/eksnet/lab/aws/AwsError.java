package io.eksnet.lab.aws;

/** An error as AWS says it. */
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

  String words() {
    return String.valueOf(getMessage());
  }

  static AwsError invalid(String message) {
    return new AwsError(400, "InvalidParameterValue", message);
  }
}
