package io.eksnet.reference;

import io.eksnet.model.inventory.Annotation;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The page about what Services and Ingresses may ask for. */
final class AnnotationsPage {
  private static final String HEAD =
      """
      # Annotations

      *Written by `make reference` from the program itself; changes by hand are lost.*

      What Services and Ingresses may ask of eksnet, each for itself; the controller reads it and a few agents of each zone
      (`suites.lb.agents_per_zone`) carry it out.

      """;

  private static final String TAIL =
      """

      - The series of such a probe are `eksnet_probe_*` with `probe="annotation:service/NAMESPACE/NAME"` or
        `annotation:ingress/NAMESPACE/NAME`.
      - An annotation that is unknown or wrong is told once in the log of the controller (`left out of the plan`, with object, field and
        remedy), and its object gets no probe of its own until it is right; all others do.
      - What is scaled to zero is not called until it is wanted again. Certificates are verified, but for `https` of Services.
      - At most 200 objects are probed: the first ones by name.
      """;

  private AnnotationsPage() {}

  /** The page. */
  static String markdown() {
    return HEAD
        + "```yaml\n"
        + example()
        + "```\n\n| annotation | value | without it | meaning |\n|---|---|---|---|\n"
        + Arrays.stream(Annotation.values()).map(AnnotationsPage::row).collect(Collectors.joining())
        + TAIL;
  }

  private static String example() {
    return Arrays.stream(Annotation.values())
        .map(known -> "    " + known.key() + ": \"" + known.example() + "\"\n")
        .collect(Collectors.joining("", "metadata:\n  annotations:\n", ""));
  }

  private static String row(Annotation known) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(known.key(), known.takes(), known.without(), known.meaning());
  }
}
