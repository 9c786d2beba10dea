package io.eksnet.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a settings record that is a settings record itself, and whose keys are
 * written in the same mapping: for keys that several records share.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Inline {
  /** Defaults in place of those of the shared record, each as {@code "key: value"}. */
  String[] defaults() default {};
}
