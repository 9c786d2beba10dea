package io.eksnet.model.inventory;

/**
 * A VPC endpoint.
 *
 * @param service such as {@code sts}, without region and prefix
 * @param state {@code available}, {@code pending}, …
 */
public record VpcEndpoint(String id, String service, String state, boolean privateDns) {
  public boolean available() {
    return state.equalsIgnoreCase("available");
  }
}
