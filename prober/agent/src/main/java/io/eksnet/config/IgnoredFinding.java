package io.eksnet.config;

import io.eksnet.model.diagnosis.RootCause;

/** Findings of one cause that are switched off for some objects. */
public record IgnoredFinding(
    @Setting(value = "The cause.", required = true) RootCause cause,
    @Setting(
            value =
                "The scope of the finding, such as `ingress/shop/web`; `*` stands for any"
                    + " characters.",
            fallback = "'*'",
            min = 1,
            max = 512)
        String scope,
    @Setting(
            value = "Why; shown with the finding.",
            example = "weighted records",
            required = true,
            min = 1,
            max = 200)
        String reason) {
  public IgnoredFinding {
    ErrorText.requireVisible("scope", scope);
    ErrorText.requireVisible("reason", reason);
  }

  boolean matches(RootCause found, String object) {
    return cause == found && matches(object);
  }

  /** Compares part by part, in time proportional to the product of the lengths at most. */
  private boolean matches(String object) {
    var parts = scope.split("\\*", -1);
    if (parts.length == 1) {
      return object.equals(scope);
    }
    var last = parts[parts.length - 1];
    if (!object.startsWith(parts[0]) || !object.endsWith(last)) {
      return false;
    }
    var from = parts[0].length();
    for (var i = 1; i < parts.length - 1; i++) {
      var at = object.indexOf(parts[i], from);
      if (at < 0) {
        return false;
      }
      from = at + parts[i].length();
    }
    return from <= object.length() - last.length();
  }
}
