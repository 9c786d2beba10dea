package io.eksnet.reference;

import io.eksnet.metrics.Catalogue;
import io.eksnet.probe.ProbeKinds;
import io.eksnet.reference.alerts.Monitoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Writes the reference pages and what is generated for Kubernetes: {@code make reference}. */
public final class ReferenceMain {
  private ReferenceMain() {}

  /**
   * Writes the pages to the directory that is the first argument and the manifests to the second.
   * The third is the directory {@code dashboards}, from which it reads the alerts.
   */
  public static void main(String[] args) throws IOException {
    var monitoring = monitoring(Path.of(args[2]), Path.of(args[1]));
    Reference.write(Path.of(args[0]), pages(monitoring));
    Reference.write(Path.of(args[1]), manifests());
    Reference.write(Path.of(args[1]), chart(Path.of(args[1])));
  }

  /** The pages of this program. */
  static Map<String, String> pages(Monitoring monitoring) {
    return Reference.pages(ProbeKinds.all(), Catalogue.all(), Purpose.all(), monitoring);
  }

  /** The alerts of this folder of dashboards, as the chart in the other one packs them. */
  static Monitoring monitoring(Path dashboards, Path manifests) throws IOException {
    return Monitoring.read(dashboards, manifests.resolve("helm/eksnet"));
  }

  /** What the chart in this directory has from the program. */
  static Map<String, String> chart(Path manifests) throws IOException {
    var byHand = Files.readString(manifests.resolve("helm/values.schema.json"));
    var schema = ChartSchema.json(byHand, ConfigSchema.json(ProbeKinds.all()));
    var chart = manifests.resolve("helm/eksnet");
    var readme =
        ChartValues.page(
            Files.readString(chart.resolve("README.md")),
            Files.readString(chart.resolve("values.yaml")));
    return Map.of("helm/eksnet/values.schema.json", schema, "helm/eksnet/README.md", readme);
  }

  /** The permissions of this program. */
  static Map<String, String> manifests() throws IOException {
    var rights = Purpose.rights(Purpose.all());
    var policy = IamPolicy.json(rights);
    var manifests = new TreeMap<>(IamRole.files(policy));
    manifests.put("iam-policy.json", policy);
    manifests.put("rbac.yaml", RbacRules.yaml(rights));
    manifests.put("rbac-probes.yaml", RbacRules.ofProbes(Purpose.optionalRights()));
    return manifests;
  }
}
