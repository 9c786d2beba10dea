package io.eksnet.web;

import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Known;
import io.eksnet.core.inventory.Part;
import io.eksnet.core.inventory.Parts;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A part with the type of what is known of it, as {@link Parts} declares it. */
record DeclaredPart<T>(Part<T> part, Type type) {
  static final Map<String, DeclaredPart<?>> BY_NAME =
      Stream.of(Parts.class.getFields())
          .filter(field -> field.getType() == Part.class)
          .<DeclaredPart<?>>map(DeclaredPart::of)
          .collect(
              Collectors.toUnmodifiableMap(declared -> declared.part().name(), known -> known));

  /** An inventory that knows this part, too. */
  @SuppressWarnings("unchecked") // it was read as the type that is declared
  Inventory into(Inventory inventory, Known<?> known) {
    return inventory.with(part, (Known<T>) known);
  }

  private static DeclaredPart<?> of(Field field) {
    try {
      var type = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
      return new DeclaredPart<>((Part<?>) field.get(null), type);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot read " + field, e);
    }
  }
}
