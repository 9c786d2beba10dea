package io.eksnet.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes a component of a settings record; the reader, the JSON Schema and the reference read
 * it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** One or two sentences with a full stop: what it decides, with unit and reason. */
  String value();

  /**
   * The default as it would be written in YAML; empty: none, and then {@link #required()} decides.
   */
  String fallback() default "";

  /** Whether the key must be there. */
  boolean required() default false;

  /**
   * The smallest allowed number, seconds of a duration, or characters of a text; in a list or
   * mapping: of each value.
   */
  double min() default Double.NEGATIVE_INFINITY;

  /** The largest allowed number, seconds of a duration, or characters of a text. */
  double max() default Double.POSITIVE_INFINITY;

  /** The only allowed words; empty: any. Enums need none. */
  String[] oneOf() default {};

  /** An example as it would be written in YAML. */
  String example() default "";

  /** Whether the values are nobody's business: written as {@code <secret>}, never in a message. */
  boolean secret() default false;

  /**
   * Whether it holds for the life of the process: a reload that changes it is refused, instead of
   * being without effect. Of a mapping, whether all of it does.
   */
  boolean restart() default false;
}
