package io.eksnet.config;

import org.snakeyaml.engine.v2.nodes.Node;

/** Where a value stands: its node, and the path that leads to it. */
record Place(Node node, String path) {
  int line() {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  int column() {
    return node.getStartMark().map(mark -> mark.getColumn() + 1).orElse(1);
  }

  Place key(String key, Node value) {
    var word = key.matches("[A-Za-z0-9_-]+") ? key : Quoted.of(key);
    return new Place(value, path.isEmpty() ? word : path + "." + word);
  }

  Place element(int index, Node value) {
    return new Place(value, path + "[" + index + "]");
  }

  Problem problem(String message) {
    return new Problem(line(), column(), path, message);
  }
}
