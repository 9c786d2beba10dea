package io.eksnet.dashboards;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The calls of a program in a shell script, each as its words without their quotes. */
final class ShellCommands {
  private static final String START = "(?m)(?:^|[|;&(]|\\bdo|\\bthen)\\s*(?:\\w+=)?";

  private ShellCommands() {}

  /** The words after the name of the program, of all its calls. */
  static Stream<List<String>> of(String program, String script) {
    var joined = script.replace("\\\n", " ");
    var calls = Pattern.compile(START + "(" + Pattern.quote(program) + ") ").matcher(joined);
    var found = new ArrayList<List<String>>();
    for (var from = 0; calls.find(from); from = calls.end()) {
      found.add(words(joined, calls.end(1)));
    }
    return found.stream();
  }

  /**
   * Up to the end of the command: a line end, a pipe, a list, a redirection, or its parenthesis.
   */
  private static List<String> words(String script, int start) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    var quote = ' ';
    var depth = 0;
    var inWord = false;
    for (var i = start; i < script.length(); i++) {
      var c = script.charAt(i);
      if (quote != ' ' || depth > 0) {
        depth += quote == '\'' ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == quote && depth == 0) {
          quote = ' ';
        } else {
          word.append(c);
        }
      } else if (c == '"' || c == '\'') {
        quote = c;
        inWord = true;
      } else if (c == '$' && i + 1 < script.length() && script.charAt(i + 1) == '(') {
        depth = 1;
        word.append("$(");
        inWord = true;
        i++;
      } else if ("\n|;&<>)".indexOf(c) >= 0 || (c == '#' && !inWord)) {
        break;
      } else if (Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
