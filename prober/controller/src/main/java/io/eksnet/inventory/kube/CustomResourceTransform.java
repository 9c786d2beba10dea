package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Condition;
import io.eksnet.model.inventory.EniConfig;
import io.eksnet.model.inventory.NodeClass;
import io.eksnet.model.inventory.SecurityGroupPolicy;
import io.eksnet.model.inventory.TargetGroupBinding;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Optional;

/** From the custom resources of AWS's controllers to what is kept of them. */
final class CustomResourceTransform {
  private CustomResourceTransform() {}

  /** Of {@code elbv2.k8s.aws} or, in Auto Mode, {@code eks.amazonaws.com}. */
  static Optional<TargetGroupBinding> targetGroupBinding(GenericKubernetesResource object) {
    var meta = new Meta(object);
    var fields = new Fields(object);
    return Optional.of(
        new TargetGroupBinding(
            group(object),
            meta.namespace(),
            meta.name(),
            fields.text("spec", "serviceRef", "name"),
            fields.text("spec", "serviceRef", "port"),
            fields.text("spec", "targetGroupARN"),
            fields.text("spec", "targetType"),
            !fields.text("spec", "iamRoleArnToAssume").isEmpty(),
            Optional.empty()));
  }

  /** Of Karpenter or of Auto Mode. */
  static Optional<NodeClass> nodeClass(GenericKubernetesResource object) {
    var fields = new Fields(object);
    var spec = fields.at("spec");
    return Optional.of(
        new NodeClass(
            group(object),
            object.getMetadata().getName(),
            fields.objects("status", "conditions").stream()
                .map(
                    c ->
                        new Condition(
                            Fields.text(c, "type"),
                            Fields.text(c, "status"),
                            Fields.text(c, "reason"),
                            Texts.message(Fields.text(c, "message"))))
                .toList(),
            spec == null ? List.of() : Templates.unrendered(spec),
            fields.objects("status", "subnets").stream()
                .map(s -> Fields.text(s, "id"))
                .filter(id -> !id.isEmpty())
                .toList()));
  }

  static Optional<EniConfig> eniConfig(GenericKubernetesResource object) {
    var fields = new Fields(object);
    return Optional.of(
        new EniConfig(
            object.getMetadata().getName(),
            fields.text("spec", "subnet"),
            fields.texts("spec", "securityGroups")));
  }

  static Optional<SecurityGroupPolicy> securityGroupPolicy(GenericKubernetesResource object) {
    var meta = new Meta(object);
    return Optional.of(
        new SecurityGroupPolicy(
            meta.namespace(),
            meta.name(),
            new Fields(object).texts("spec", "securityGroups", "groupIds")));
  }

  private static String group(GenericKubernetesResource object) {
    var version = Texts.of(object.getApiVersion());
    return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
  }
}
