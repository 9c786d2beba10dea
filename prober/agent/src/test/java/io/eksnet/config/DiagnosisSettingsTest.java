package io.eksnet.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.eksnet.model.diagnosis.RootCause;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "*,ingress/shop/web,true",
    "ingress/shop/*,ingress/shop/web,true",
    "ingress/shop/*,ingress/shop/,true",
    "ingress/shop/*,ingress/shopping/web,false",
    "ingress/*/web,ingress/shop/web,true",
    "ingress/*/web,ingress/shop/webs,false",
    "*web*,ingress/shop/web,true",
    "*a*a*,aa,true",
    "*a*a*,a,false",
    "a*a,a,false",
    "ingress/shop/web,ingress/shop/web,true",
    "ingress/shop/web,ingress/shop/web2,false",
    "ingress/.*/web,ingress/shop/web,false",
    "INGRESS/*,ingress/shop/web,false"
  })
  void matchesScopesByWildcards(String pattern, String scope, boolean matches) {
    var settings =
        new DiagnosisSettings(
            Set.of(), List.of(new IgnoredFinding(RootCause.NACL_OR_ROUTE, pattern, "known")));

    assertThat(settings.reasonToIgnore(RootCause.NACL_OR_ROUTE, scope).isPresent())
        .isEqualTo(matches);
    assertThat(settings.reasonToIgnore(RootCause.TARGET_HUNG, scope)).isEmpty();
  }

  @Test
  void givesTheReason() {
    var settings =
        new DiagnosisSettings(
            Set.of(RootCause.LEAKED_ENIS),
            List.of(new IgnoredFinding(RootCause.TARGET_HUNG, "*", "migration until May")));

    assertThat(settings.reasonToIgnore(RootCause.LEAKED_ENIS, "subnet/a"))
        .contains("diagnosis.disabled");
    assertThat(settings.reasonToIgnore(RootCause.TARGET_HUNG, "target_group/a"))
        .contains("migration until May");
    assertThat(settings.reasonToIgnore(RootCause.NO_EGRESS, "cluster")).isEmpty();
  }

  @Test
  void refusesInvisibleCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IgnoredFinding(RootCause.TARGET_HUNG, "*", "a\u202eb"))
        .withMessageContaining("reason");
  }
}
