package io.eksnet.web;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words of an enum in JSON: as in metric labels where it has them, else its names. */
record Vocabulary(Map<String, Object> constants) {
  private static final ClassValue<Map<Object, String>> WORDS =
      new ClassValue<>() {
        @Override
        protected Map<Object, String> computeValue(Class<?> type) {
          return Stream.of(type.getEnumConstants())
              .collect(Collectors.toUnmodifiableMap(one -> one, one -> said((Enum<?>) one)));
        }
      };

  private static final ClassValue<Vocabulary> ALL =
      new ClassValue<>() {
        @Override
        protected Vocabulary computeValue(Class<?> type) {
          return new Vocabulary(
              WORDS.get(type).entrySet().stream()
                  .collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey)));
        }
      };

  static String word(Enum<?> constant) {
    var word = WORDS.get(constant.getDeclaringClass()).get(constant);
    return word == null ? constant.name() : word;
  }

  static Optional<Object> constant(Class<?> type, String word) {
    return Optional.ofNullable(ALL.get(type).constants().get(word));
  }

  private static String said(Enum<?> constant) {
    try {
      return String.valueOf(constant.getDeclaringClass().getMethod("label").invoke(constant));
    } catch (ReflectiveOperationException e) {
      return constant.name().toLowerCase(Locale.ROOT);
    }
  }
}
