package io.eksnet.lab.change;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a record, to read and to write them by name. */
final class Fields {
  private final Class<?> record;
  private final Map<String, RecordComponent> all = new LinkedHashMap<>();

  private Fields(Class<?> record) {
    this.record = record;
    for (var field : record.getRecordComponents()) {
      all.put(field.getName(), field);
    }
  }

  static Fields of(Class<?> record) {
    return new Fields(record);
  }

  /** A mapping whose keys are fields. */
  Map<String, Yaml> in(Yaml yaml) {
    return yaml.keys(record.getSimpleName(), all.keySet());
  }

  /** The field of this name. */
  String named(Yaml name) {
    if (!all.containsKey(name.text())) {
      throw name.wrong(
          "unknown field \""
              + name.text()
              + "\" of "
              + record.getSimpleName()
              + Meant.of(name.text(), all.keySet()));
    }
    return name.text();
  }

  Map<String, Type> types() {
    var types = new LinkedHashMap<String, Type>();
    all.forEach((name, field) -> types.put(name, field.getGenericType()));
    return types;
  }

  Type type(String name) {
    return field(name).getGenericType();
  }

  /** What the elements of a field are that is a list or a mapping. */
  Type holds(String name) {
    return Values.held(type(name));
  }

  /** All values of a thing, in the order of its fields. */
  Map<String, Object> values(Object thing) {
    var values = new LinkedHashMap<String, Object>();
    all.keySet().forEach(name -> values.put(name, get(name, thing)));
    return values;
  }

  Object get(String name, Object thing) {
    try {
      return field(name).getAccessor().invoke(thing);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every field of " + record + " can be read", e);
    }
  }

  /** A record of these values; {@code from} is where they were written. */
  Object made(Map<String, Object> values, Yaml from) {
    try {
      return constructor().newInstance(values.values().toArray());
    } catch (InvocationTargetException e) {
      throw from.wrong(String.valueOf(e.getTargetException().getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every " + record + " can be made", e);
    }
  }

  private Constructor<?> constructor() throws NoSuchMethodException {
    return record.getDeclaredConstructor(
        Arrays.stream(record.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new));
  }

  private RecordComponent field(String name) {
    var field = all.get(name);
    if (field == null) {
      throw new IllegalArgumentException(record + " has no field " + name);
    }
    return field;
  }
}
