package io.eksnet.config;

import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;

/** Where a value stands: its node, and the path that leads to it. */
record Place(Node node, String path) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_-]+");

  int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  int column() {
    return node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
  }

  Place key(String key, Node value) {
    var word = WORD.matcher(key).matches() ? key : Quoted.of(key);
    return new Place(value, path.isEmpty() ? word : path + "." + word);
  }

  Place element(int index, Node value) {
    return new Place(value, path + "[" + index + "]");
  }

  Problem problem(String message) {
    return new Problem(line(), column(), path, message);
  }
}
