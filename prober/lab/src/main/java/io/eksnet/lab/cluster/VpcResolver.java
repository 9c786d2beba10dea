package io.eksnet.lab.cluster;

/** The name server of the VPC, with the label of the fault that is on. */
public record VpcResolver(String fault) implements Item {
  @Override
  public String key() {
    return "";
  }
}
