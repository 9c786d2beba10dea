package io.eksnet.config;

import io.eksnet.model.diagnosis.RootCause;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which findings of the diagnosis are switched off. They stay visible as ignored. */
public record DiagnosisSettings(
    @Setting(
            value =
                "Causes that are not reported. Their findings are listed as ignored on the status"
                    + " page and at `/api/v1/findings`, and have no metric and no alert.",
            example = "[warm_pool_holds_addresses]")
        Set<RootCause> disabled,
    @Setting(
            value = "Findings of single objects that are not reported, as with `disabled`.",
            example =
                "[{cause: ingress_dns_mismatch, scope: ingress/shop/*, reason: weighted records}]")
        List<IgnoredFinding> ignore) {
  public DiagnosisSettings {
    disabled = Set.copyOf(disabled);
    ignore = List.copyOf(ignore);
  }

  /** Why a finding is ignored; empty if it is reported. */
  public Optional<String> reasonToIgnore(RootCause cause, String scope) {
    return disabled.contains(cause)
        ? Optional.of("diagnosis.disabled")
        : ignore.stream()
            .filter(one -> one.matches(cause, scope))
            .map(IgnoredFinding::reason)
            .findFirst();
  }
}
