package io.eksnet.config;

import io.soabase.recordbuilder.core.RecordBuilder;
import io.soabase.recordbuilder.core.RecordBuilder.ConcreteSettersForOptionalMode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Generates a builder of a settings record, for copies in which some components differ: {@code
 * TlsSettingsBuilder.builder(tls).serverName("shop.example.com").build()}.
 */
@RecordBuilder.Template(
    options =
        @RecordBuilder.Options(
            addConcreteSettersForOptional = ConcreteSettersForOptionalMode.ENABLED,
            addStaticBuilder = false,
            enableGetters = false,
            enableWither = false,
            inheritComponentAnnotations = false))
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface SettingsBuilder {}
