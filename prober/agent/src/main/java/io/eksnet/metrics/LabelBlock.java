package io.eksnet.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.nio.charset.StandardCharsets;

/**
 * The labels of a series as both text formats write them, encoded once: {@code {a="1",b="2"}},
 * empty without labels (prometheus.io/docs/instrumenting/exposition_formats, "Text format
 * details"). The value of one label may be left out, and is written between {@link #head} and
 * {@link #tail}.
 */
final class LabelBlock {
  private static final byte[] NOTHING = {};

  final byte[] head;
  final byte[] tail;

  private LabelBlock(byte[] head, byte[] tail) {
    this.head = head;
    this.tail = tail;
  }

  /** All of them. */
  static LabelBlock of(Labels labels) {
    return of(labels, "");
  }

  /** All of them, but not the value of the label {@code name}. */
  static LabelBlock without(String name, Labels labels) {
    return of(labels, name);
  }

  private static LabelBlock of(Labels labels, String without) {
    if (labels.isEmpty()) {
      return new LabelBlock(NOTHING, NOTHING);
    }
    var text = new StringBuilder("{");
    var split = 0;
    for (var i = 0; i < labels.size(); i++) {
      var name = labels.getPrometheusName(i);
      text.append(i == 0 ? "" : ",").append(name).append("=\"");
      if (name.equals(without)) {
        split = text.length();
      } else {
        escape(labels.getValue(i), text);
      }
      text.append('"');
    }
    var all = text.append('}').toString();
    return split == 0
        ? new LabelBlock(bytes(all), NOTHING)
        : new LabelBlock(bytes(all.substring(0, split)), bytes(all.substring(split)));
  }

  private static void escape(String value, StringBuilder text) {
    for (var i = 0; i < value.length(); i++) {
      var c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '"' -> text.append("\\\"");
        case '\n' -> text.append("\\n");
        default -> text.append(c);
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
