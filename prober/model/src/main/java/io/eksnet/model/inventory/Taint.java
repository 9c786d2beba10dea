package io.eksnet.model.inventory;

/**
 * A taint of a node, which keeps pods without a toleration away.
 *
 * @param value empty if it has none
 * @param effect {@code NoSchedule} or {@code NoExecute}; {@code PreferNoSchedule} keeps no pod away
 */
public record Taint(String key, String value, String effect) {
  /** As kube-scheduler wrote it up to version 1.34.1, such as {@code {dedicated: gpu}}. */
  public String text() {
    return "{" + key + ": " + value + "}";
  }
}
