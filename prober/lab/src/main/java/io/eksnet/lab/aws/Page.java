package io.eksnet.lab.aws;

import java.util.List;
import java.util.function.Function;

/** A part of a list, and the token for the next one; an empty token: there is none. */
record Page<T>(List<T> items, String next) {
  /** How lists are cut: where to begin, how many at most, and whether the tokens behave. */
  record Cut(String token, int most, boolean emptyFirst, boolean endless) {
    <T> Page<T> of(List<T> all) {
      if (emptyFirst && token.isEmpty()) {
        return new Page<>(List.of(), "0");
      }
      if (endless) {
        var some = all.subList(0, Math.min(most, all.size()));
        return new Page<>(some, Integer.toString(begin() + 1));
      }
      int from = Math.min(begin(), all.size());
      int to = Math.min(all.size(), from + most);
      return new Page<>(all.subList(from, to), to < all.size() ? Integer.toString(to) : "");
    }

    private int begin() {
      if (token.isEmpty()) {
        return 0;
      }
      if (!token.matches("\\d{1,9}")) {
        throw new AwsError(400, "InvalidNextToken", "The token '" + token + "' is invalid.");
      }
      return Integer.parseInt(token);
    }
  }

  <R> Page<R> map(Function<T, R> function) {
    return new Page<>(items.stream().map(function).toList(), next);
  }
}
