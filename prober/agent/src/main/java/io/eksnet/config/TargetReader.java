package io.eksnet.config;

import io.eksnet.model.KindSpec;
import io.eksnet.model.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The targets of a probe: first as words, then, with the settings of the kind, as targets. */
final class TargetReader {
  private static final Shape TEXT = new Shape.Scalar(String.class);
  private static final Key KEY =
      Key.ofProbes().stream().filter(key -> key.name().equals("targets")).findFirst().orElseThrow();

  private TargetReader() {}

  /** A target as written, and where. */
  record Word(Place place, String text) {}

  static List<Word> words(Fields fields, Binder binder) {
    var place = fields.value("targets");
    if (place.isEmpty()) {
      binder.problems().add(fields.place(), "the key \"targets\" is missing");
      return List.of();
    }
    var elements = binder.elements(place.get());
    if (elements != null && elements.isEmpty()) {
      binder.problems().add(place.get(), "must name at least one target");
    }
    return elements == null
        ? List.of()
        : elements.stream().flatMap(element -> word(element, binder)).toList();
  }

  private static Stream<Word> word(Place place, Binder binder) {
    var text = binder.bind(place, TEXT, KEY.setting());
    return text == null ? Stream.empty() : Stream.of(new Word(place, (String) text));
  }

  /** Those that the kind understands; the others are problems. */
  static <S extends Record> List<Target> targets(
      List<Word> words, KindSpec<S> kind, S settings, Binder binder) {
    var targets = new LinkedHashMap<String, Target>();
    for (var word : words) {
      var target = target(word, kind, settings, binder);
      if (target != null && targets.putIfAbsent(target.name(), target) != null) {
        binder
            .problems()
            .add(
                word.place(),
                "the target " + Quoted.of(target.name()) + " is there twice; remove one");
      }
    }
    return List.copyOf(targets.values());
  }

  private static <S extends Record> @Nullable Target target(
      Word word, KindSpec<S> kind, S settings, Binder binder) {
    try {
      return kind.target(word.text(), settings);
    } catch (IllegalArgumentException e) {
      return binder.refuse(word.place(), Binder.message(e));
    }
  }
}
