package io.eksnet.model.inventory;

/**
 * A NAT gateway. EC2 lists one that failed or was deleted for about an hour (VPC User Guide, "NAT
 * gateway creation fails").
 *
 * @param isPublic whether it translates to an Elastic IP address; private ones do not reach the
 *     Internet by themselves
 * @param state {@code pending}, {@code available}, {@code failed}, {@code deleting} or {@code
 *     deleted}
 * @param failure why its creation failed; empty otherwise
 */
public record NatGateway(
    String id, String subnetId, boolean isPublic, String state, String failure) {
  public boolean available() {
    return state.equals("available");
  }

  /** Whether it is certain that it forwards nothing: a pending one is about to. */
  public boolean dead() {
    return state.equals("failed") || state.equals("deleting") || state.equals("deleted");
  }
}
