package io.eksnet.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a component of a settings record as a key of the config file. The reader, the JSON
 * Schema and the reference are generated from it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** One or two sentences for the reference, with a full stop: what it decides, in which unit. */
  String value();

  /** The default in YAML; empty: an empty list, mapping or text, or no value. */
  String fallback() default "";

  /** Whether the key must be written. */
  boolean required() default false;

  /**
   * The smallest number, seconds of a duration, or length of a text; of a list or mapping: of each
   * value.
   */
  double min() default Double.NEGATIVE_INFINITY;

  /** The largest number, seconds of a duration, or length of a text. */
  double max() default Double.POSITIVE_INFINITY;

  /** The allowed values of a text; empty: any. */
  String[] oneOf() default {};

  /** An example in YAML for the reference. */
  String example() default "";

  /** Whether the value is secret: shown as {@code <secret>}, and never part of a message. */
  boolean secret() default false;

  /**
   * Whether a change needs a restart: a reload that changes it is rejected. For a mapping, this
   * applies to all of its keys.
   */
  boolean restart() default false;
}
