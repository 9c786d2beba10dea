package io.eksnet.lab.cluster;

/**
 * A fault of the AWS APIs.
 *
 * @param action {@code ec2:DescribeSubnets}, {@code ec2:*} or {@code *}
 */
public record AwsFault(String action, Kind kind) implements Item {
  /** What happens. */
  public enum Kind {
    /** The rate is exceeded. */
    THROTTLED,
    /** The caller may not do this. */
    DENIED,
    /** The caller's token has expired. */
    EXPIRED,
    /** The answer comes after 30 s. */
    SLOW,
    /** The first page is empty, and has a token for the next. */
    EMPTY_PAGE,
    /** Every page has a token for another. */
    ENDLESS,
    /** 500. */
    ERROR
  }

  @Override
  public String key() {
    return action;
  }
}
