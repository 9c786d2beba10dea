package io.eksnet.inventory.aws;

/** Hears of every call to AWS. Called from threads of its own; never blocks them. */
public interface AwsPulse {
  /** Hears nothing. */
  AwsPulse DEAF = (service, operation, outcome, nanos) -> {};

  /**
   * A call ended.
   *
   * @param service {@code ec2}, {@code elbv2}, {@code eks} or {@code sts}
   * @param outcome {@code ok}, {@code denied}, {@code throttled}, {@code error} or {@code timeout}
   * @param nanos from its sending on, without the wait for the budget
   */
  void call(String service, String operation, String outcome, long nanos);

  /** A call had to wait this long for the budget of its service. */
  default void waited(String service, long nanos) {}
}
