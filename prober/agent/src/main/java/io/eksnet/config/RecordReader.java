package io.eksnet.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A YAML file that is one settings record, read as strictly as the config. */
public final class RecordReader {
  private RecordReader() {}

  /** Why a file is refused: all that is wrong with it, in its order. */
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    Refused(List<Problem> problems) {
      super(String.join("\n", problems.stream().map(Problem::text).toList()));
      this.problems = List.copyOf(problems);
    }

    /** At least one. */
    public List<Problem> problems() {
      return problems;
    }
  }

  /** Reads {@code yaml}; the files it names are looked at too, from {@code directory} on. */
  public static <R extends Record> R read(String yaml, Class<R> type, Path directory)
      throws Refused {
    var problems = new Problems();
    var binder = new Binder(directory, problems);
    try {
      var record = binder.group(new Place(YamlTree.of(yaml), ""), type);
      var all = new ArrayList<>(problems.inOrder());
      all.addAll(FileCheck.unreadable(binder.files()));
      if (record != null && all.isEmpty()) {
        return type.cast(record);
      }
      throw new Refused(all);
    } catch (YamlTree.Unreadable e) {
      throw new Refused(List.of(e.problem()));
    } catch (Binder.TooMuch e) {
      throw new Refused(List.of(new Problem(1, 1, "", String.valueOf(e.getMessage()))));
    }
  }
}
