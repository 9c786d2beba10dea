package io.eksnet.cli;

import java.util.Locale;

/**
 * One target and one expectation of it, in the syntax of both probers, and what each must report.
 *
 * @param name the claim, which the report shows
 * @param ask the settings of an eksnet probe beside its name, kind and target, in YAML
 * @param module the settings of a blackbox_exporter module under its prober's name, in YAML
 * @param outcome eksnet's outcome label
 * @param log what the log of blackbox_exporter must hold: the evidence that it failed for the same
 *     reason, or succeeded at all
 */
record Case(
    String name,
    String kind,
    String prober,
    String target,
    String blackboxTarget,
    String ask,
    String module,
    String outcome,
    String log) {
  private static final String SUCCEEDED = "Probe succeeded";

  static Case of(String name, String kind, String prober, String target, String blackboxTarget) {
    return new Case(name, kind, prober, target, blackboxTarget, "", "", "success", SUCCEEDED);
  }

  /** Adds settings of the eksnet probe. */
  Case ask(String yaml) {
    return new Case(
        name, kind, prober, target, blackboxTarget, joined(ask, yaml), module, outcome, log);
  }

  /** Adds settings of the blackbox_exporter module. */
  Case module(String yaml) {
    return new Case(
        name, kind, prober, target, blackboxTarget, ask, joined(module, yaml), outcome, log);
  }

  /** Both fail, for this reason in the words of each. */
  Case fails(String cause, String blackboxLog) {
    return new Case(name, kind, prober, target, blackboxTarget, ask, module, cause, blackboxLog);
  }

  /** They differ on purpose: eksnet's outcome, and what blackbox_exporter logs. */
  Case differs(String eksnet, String blackbox) {
    return fails(eksnet, blackbox.isEmpty() ? SUCCEEDED : blackbox);
  }

  boolean eksnetSucceeds() {
    return outcome.equals("success");
  }

  boolean blackboxSucceeds() {
    return log.equals(SUCCEEDED);
  }

  /** The name of the probe and of the module. */
  String id() {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }

  String probeYaml() {
    return "  - {name: %s, kind: %s, targets: ['%s']%s}\n"
        .formatted(id(), kind, target, ask.isEmpty() ? "" : ", " + ask);
  }

  String moduleYaml(String timeout) {
    return "  %s: {prober: %s, timeout: %s, %s: {%s}}\n"
        .formatted(id(), prober, timeout, prober, joined("preferred_ip_protocol: ip4", module));
  }

  @Override
  public String toString() {
    return kind + ": " + name;
  }

  private static String joined(String some, String more) {
    return some.isEmpty() ? more : some + ", " + more;
  }
}
