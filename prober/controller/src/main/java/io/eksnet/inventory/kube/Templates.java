package io.eksnet.inventory.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds template expressions that were not rendered, such as {@code ${cluster_name}} or {@code {{
 * .Values.name }}}.
 */
final class Templates {
  private static final int MAX_RESULTS = 20;
  private static final int MAX_DEPTH = 20;
  private static final int MAX_LENGTH = 200;

  private Templates() {}

  /**
   * Their paths and values, such as {@code subnetSelectorTerms[0].tags.Name: ${cluster}}. Keys are
   * searched too. {@code userData} is a script, in which {@code ${…}} is a variable.
   */
  static List<String> unrendered(Object spec) {
    var found = new ArrayList<String>();
    search("", spec, 0, found);
    return List.copyOf(found);
  }

  private static void search(String path, Object value, int depth, List<String> found) {
    if (found.size() >= MAX_RESULTS || depth > MAX_DEPTH || path.equals("userData")) {
      return;
    }
    if (value instanceof String text) {
      addIfTemplate(path, text, found);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, inner) -> {
            var name = String.valueOf(key);
            var deeper = path.isEmpty() ? name : path + "." + name;
            addIfTemplate(deeper, name, found);
            search(deeper, inner, depth + 1, found);
          });
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        search(path + "[" + i + "]", list.get(i), depth + 1, found);
      }
    }
  }

  private static void addIfTemplate(String path, String text, List<String> found) {
    if (found.size() < MAX_RESULTS && isTemplate(text)) {
      found.add(KubeObjects.truncate(path + ": " + text, MAX_LENGTH));
    }
  }

  private static boolean isTemplate(String text) {
    return isEnclosed(text, "${", "}") || isEnclosed(text, "{{", "}}");
  }

  /** Linear in the length of the text, which a regular expression is not. */
  private static boolean isEnclosed(String text, String open, String close) {
    var from = text.indexOf(open);
    return from >= 0 && text.indexOf(close, from + open.length()) >= 0;
  }
}
