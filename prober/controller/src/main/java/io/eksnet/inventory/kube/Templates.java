package io.eksnet.inventory.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Templates that nobody filled in: {@code ${cluster_name}} or {@code {{ .Values.name }}} in a spec.
 */
final class Templates {
  private static final int MOST = 20;
  private static final int DEEPEST = 20;
  private static final int LONGEST = 200;

  private Templates() {}

  /**
   * Where they are and what they say, such as {@code subnetSelectorTerms[0].tags.Name: ${cluster}};
   * a key may hold one too. {@code userData} is a script, where {@code ${…}} is a variable.
   */
  static List<String> unrendered(Object spec) {
    var found = new ArrayList<String>();
    search("", spec, 0, found);
    return List.copyOf(found);
  }

  private static void search(String path, Object value, int depth, List<String> found) {
    if (found.size() >= MOST || depth > DEEPEST || path.equals("userData")) {
      return;
    }
    if (value instanceof String text) {
      note(path, text, found);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, inner) -> {
            var name = String.valueOf(key);
            var deeper = path.isEmpty() ? name : path + "." + name;
            note(deeper, name, found);
            search(deeper, inner, depth + 1, found);
          });
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        search(path + "[" + i + "]", list.get(i), depth + 1, found);
      }
    }
  }

  private static void note(String path, String text, List<String> found) {
    if (found.size() < MOST && isTemplate(text)) {
      found.add(Texts.cut(path + ": " + text, LONGEST));
    }
  }

  private static boolean isTemplate(String text) {
    return holds(text, "${", "}") || holds(text, "{{", "}}");
  }

  /** In one pass, for a text of a megabyte may open and never close. */
  private static boolean holds(String text, String open, String close) {
    var from = text.indexOf(open);
    return from >= 0 && text.indexOf(close, from + open.length()) >= 0;
  }
}
