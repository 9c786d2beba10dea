package io.eksnet.reference;

import io.eksnet.config.Key;
import io.eksnet.config.Settings;
import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.model.Phase;
import java.util.List;
import java.util.stream.Collectors;

/** The page about the config file: every key, its type, default, bounds and meaning. */
public final class ConfigPage {
  private static final String HEAD =
      """
      # The config file

      *Written by `make reference` from the program itself; changes by hand are lost.*

      One YAML file, given with `--config.file`. Every key has a default but those marked required,
      so that an empty file is a good one. The file is read strictly: an unknown key, a value of the
      wrong type or out of its bounds is an error with line and column, and all errors are told at
      once. `eksnet agent --config.check --config.file=…` reads the file and does nothing else. The
      same rules as a JSON Schema, for editors: [config.schema.json](config.schema.json).

      A file that changed is read again by itself, at SIGHUP, and at `POST /-/reload` where
      `--web.enable-lifecycle` allows it. A bad one changes nothing. Nor does one that changes what
      *needs a restart*: that reload is refused as a whole, and the log names the keys.

      - A **duration** is written with its units, from long to short: `250ms`, `10s`, `1m30s`, `1h`,
        `1d`. A number alone is an error.
      - A **file** is found from the directory of the config file. Secrets stand in files of their
        own, never in this one.
      - A **regular expression** has the [syntax of RE2](https://github.com/google/re2/wiki/Syntax), as
        in Prometheus, and matches anywhere in the text; `(?i)` at its start ignores case.
      - `null`, or nothing after the colon, is an empty list or mapping; where the table says so, it
        switches a thing off.
      - Anchors and aliases (`&name`, `*name`) work; merge keys (`<<`) do not.

      """;

  private ConfigPage() {}

  /** The page, with these kinds of probes. */
  public static String markdown(List<? extends KindSpec<?>> kinds) {
    var page = new StringBuilder(HEAD);
    page.append("## Top level\n\n").append(KeyTable.flat(Key.of(Settings.class))).append('\n');
    for (var key : Key.of(Settings.class)) {
      page.append(section(key));
    }
    kinds.forEach(kind -> page.append(section(kind)));
    return page.toString().stripTrailing() + "\n";
  }

  private static String section(Key key) {
    return key.inner().isEmpty()
        ? ""
        : "## `"
            + key.name()
            + "`\n\n"
            + KeyTable.meaning(key)
            + "\n\n"
            + KeyTable.markdown(key.inner())
            + "\n";
  }

  private static String section(KindSpec<?> kind) {
    var keys = Key.of(kind.settings());
    var section = new StringBuilder("## Probes of kind `" + kind.name() + "`\n\n");
    section.append(kind.summary()).append("\n\n");
    var example = Example.of(kind);
    if (!example.isEmpty()) {
      section.append("```yaml\n").append(example).append("```\n\n");
    }
    if (!keys.isEmpty()) {
      section.append("Beside the keys of every probe:\n\n");
      section.append(KeyTable.markdown(keys)).append('\n');
    }
    section.append("Phases: ").append(phases(kind)).append(".\n\n");
    return section.append("Causes of failure: ").append(causes(kind)).append(".\n\n").toString();
  }

  private static String phases(KindSpec<?> kind) {
    return kind.phases().stream()
        .map(Phase::label)
        .map(label -> "`" + label + "`")
        .collect(Collectors.joining(", "));
  }

  private static String causes(KindSpec<?> kind) {
    return kind.causes().stream()
        .sorted()
        .map(Cause::label)
        .map(label -> "[`" + label + "`](causes.md)")
        .collect(Collectors.joining(", "));
  }
}
