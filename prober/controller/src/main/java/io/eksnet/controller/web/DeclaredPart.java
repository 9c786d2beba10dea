package io.eksnet.controller.web;

import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resource;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Snapshot;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A part with the type of what is known of it, as {@link Resources} declares it. */
record DeclaredPart<T>(Resource<T> part, Type type) {
  static final Map<String, DeclaredPart<?>> BY_NAME =
      Stream.of(Resources.class.getFields())
          .filter(field -> field.getType() == Resource.class)
          .<DeclaredPart<?>>map(DeclaredPart::of)
          .collect(
              Collectors.toUnmodifiableMap(declared -> declared.part().name(), known -> known));

  /** An inventory that knows this part, too. */
  @SuppressWarnings("unchecked") // it was read as the type that is declared
  Inventory into(Inventory inventory, Snapshot<?> known) {
    return inventory.with(part, (Snapshot<T>) known);
  }

  private static DeclaredPart<?> of(Field field) {
    try {
      var type = ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
      return new DeclaredPart<>((Resource<?>) field.get(null), type);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot read " + field, e);
    }
  }
}
