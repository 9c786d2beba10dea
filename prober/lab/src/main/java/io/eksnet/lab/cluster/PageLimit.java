package io.eksnet.lab.cluster;

/** How many things AWS puts on a page at most, whatever the caller asks for. */
public record PageLimit(int most) implements Item {
  @Override
  public String key() {
    return "";
  }
}
