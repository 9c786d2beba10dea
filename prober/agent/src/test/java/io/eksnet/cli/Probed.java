package io.eksnet.cli;

import java.util.Locale;

/** A probe of the test's, and the place in the lab that it meets. */
record Probed(String name, String kind, Spot spot, String settings) {
  /** Stands for the path of the lab's authority in settings. */
  static final String CA = "CA_FILE";

  /** Opens what is probed, and returns the settings of the probe. */
  interface Spot {
    String open(Site site);
  }

  static Probed of(String kind, String what, Spot spot, String settings) {
    var words = (kind + " " + what + " " + settings).toLowerCase(Locale.ROOT);
    return new Probed(words.strip().replaceAll("[^a-z0-9]+", "-"), kind, spot, settings);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Its element of the list {@code probes}. */
  String yaml(Site site) {
    var rest = settings.isEmpty() ? "" : ", " + settings.replace(CA, site.authority().toString());
    return "  - {name: %s, kind: %s, targets: [\"%s\"]%s}%n"
        .formatted(name, kind, spot.open(site), rest);
  }
}
