package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** All ways to create the role lead to the same permissions and the same trust. */
class IamRoleTest {
  private static final Path MANIFESTS = Path.of("../../k8s");
  private static final Path TERRAFORM = MANIFESTS.resolve("terraform");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Test
  void cloudFormationHasPolicyAndTrust() throws IOException {
    var template = yaml(read("cloudformation.yaml"));
    var role = template.at("/Resources/Role/Properties");
    var trusts = role.at("/AssumeRolePolicyDocument/Fn::If");

    assertThat(resolve(role.at("/Policies/0/PolicyDocument"))).isEqualTo(policy());
    assertThat(trusts.get(0).asText()).isEqualTo("PodIdentity");
    assertThat(trusts.get(1)).isEqualTo(json(read("trust-pod-identity.json")));
    assertThat(json(resolve(trusts.get(2)).asText())).isEqualTo(trustOfIrsa());
    assertThat(template.at("/Conditions/PodIdentity/Fn::Equals/0/Ref").asText())
        .isEqualTo("OidcProvider");
    assertThat(template.at("/Resources/Association/Condition").asText()).isEqualTo("PodIdentity");
  }

  /** CloudFormation refuses a template with a reference that it cannot resolve. */
  @Test
  void cloudFormationRefersOnlyToItsParametersAndResources() throws IOException {
    var text = read("cloudformation.yaml");
    var template = yaml(text);
    var names = new TreeSet<String>();
    template.path("Parameters").fieldNames().forEachRemaining(names::add);

    var substituted = Pattern.compile("\\$\\{([^}]+)}").matcher(text).results();
    var referred =
        template.findValues("Ref").stream().map(JsonNode::asText).collect(Collectors.toSet());
    substituted
        .map(found -> found.group(1))
        .filter(name -> !name.startsWith("AWS::"))
        .forEach(referred::add);

    assertThat(referred).isEqualTo(names);
  }

  @Test
  void eksctlHasThePolicyAndTheServiceAccountOfTheChart() throws IOException {
    var config = yaml(filled(read("eksctl.yaml")));
    var association = config.at("/iam/podIdentityAssociations/0");

    assertThat(association.path("permissionPolicy")).isEqualTo(policy());
    assertThat(association.path("namespace").asText()).isEqualTo("eksnet");
    assertThat(association.path("serviceAccountName").asText()).isEqualTo("eksnet-controller");
    assertThat(config.at("/metadata/name").asText()).isEqualTo("prod-1");
    assertThat(config.at("/metadata/region").asText()).isEqualTo("us-gov-west-1");
  }

  @Test
  void terraformHasPolicyAndTrust() throws IOException {
    assertThat(terraform("iam-policy.json.tftpl")).isEqualTo(policy());
    assertThat(terraform("trust-irsa.json.tftpl")).isEqualTo(trustOfIrsa());
    assertThat(json(Files.readString(TERRAFORM.resolve("trust-pod-identity.json"))))
        .isEqualTo(json(read("trust-pod-identity.json")));
  }

  /** Terraform refuses a template with a variable that it does not get. */
  @Test
  void terraformPassesEveryVariableOfItsTemplates() throws IOException {
    var module = Files.readString(TERRAFORM.resolve("main.tf"));
    var call =
        Pattern.compile(
            "(?s)templatefile\\(\"\\$\\{path\\.module}/([\\w.-]+)\", \\{(.*?)\\n +}\\)");
    var calls = call.matcher(module).results().toList();

    assertThat(calls).hasSize(2);
    for (var found : calls) {
      var passed = new TreeSet<String>();
      Pattern.compile("(?m)^ +(\\w+) +=")
          .matcher(found.group(2))
          .results()
          .forEach(one -> passed.add(one.group(1)));
      var used = new TreeSet<String>();
      Pattern.compile("\\$\\{(\\w+)}")
          .matcher(Files.readString(TERRAFORM.resolve(found.group(1))))
          .results()
          .forEach(one -> used.add(one.group(1)));
      assertThat(passed).isEqualTo(used);
    }
  }

  /** EKS Pod Identity assumes the role and tags the session; one action alone is refused. */
  @Test
  void podIdentityMayAssumeTheRoleAndTagItsSession() throws IOException {
    var statement = json(read("trust-pod-identity.json")).at("/Statement/0");

    assertThat(statement.at("/Principal/Service").asText()).isEqualTo("pods.eks.amazonaws.com");
    assertThat(statement.path("Action").toString())
        .isEqualTo("[\"sts:AssumeRole\",\"sts:TagSession\"]");
  }

  @Test
  void irsaTrustsOneServiceAccountOfOneCluster() throws IOException {
    assertThat(trustOfIrsa().at("/Statement/0/Condition").toString())
        .isEqualTo(
            "{\"StringEquals\":{\"oidc.example/id/A1:aud\":\"sts.amazonaws.com\","
                + "\"oidc.example/id/A1:sub\":\"system:serviceaccount:eksnet:eksnet-controller\"}}");
  }

  private static JsonNode policy() throws IOException {
    return json(filled(read("iam-policy.json")));
  }

  private static JsonNode trustOfIrsa() throws IOException {
    return json(filled(read("trust-irsa.json")));
  }

  private static JsonNode terraform(String name) throws IOException {
    var text = Files.readString(TERRAFORM.resolve(name));
    for (var variable :
        Map.of(
                "partition", "aws-us-gov",
                "region", "us-gov-west-1",
                "account", "111122223333",
                "cluster", "prod-1",
                "namespace", "eksnet",
                "service_account", "eksnet-controller",
                "issuer", "oidc.example/id/A1")
            .entrySet()) {
      text = text.replace("${" + variable.getKey() + "}", variable.getValue());
    }
    assertThat(text).doesNotContain("${");
    return json(text);
  }

  /** As the commands of the installation page fill in placeholders. */
  private static String filled(String text) {
    return text.replace("REGION", "us-gov-west-1")
        .replace("ACCOUNT", "111122223333")
        .replace("CLUSTER", "prod-1")
        .replace("ISSUER", "oidc.example/id/A1")
        .replace("arn:aws:", "arn:aws-us-gov:");
  }

  /** Replaces {@code Fn::Sub} as CloudFormation does. */
  private static JsonNode resolve(JsonNode node) {
    if (node.isObject() && node.has("Fn::Sub")) {
      var text =
          node.path("Fn::Sub")
              .asText()
              .replace("${AWS::Partition}", "aws-us-gov")
              .replace("${AWS::Region}", "us-gov-west-1")
              .replace("${AWS::AccountId}", "111122223333")
              .replace("${ClusterName}", "prod-1")
              .replace("${Namespace}", "eksnet")
              .replace("${ServiceAccount}", "eksnet-controller")
              .replace("${OidcProvider}", "oidc.example/id/A1");
      assertThat(text).doesNotContain("${");
      return MAPPER.getNodeFactory().textNode(text);
    }
    if (node.isObject()) {
      var resolved = MAPPER.createObjectNode();
      node.properties().forEach(field -> resolved.set(field.getKey(), resolve(field.getValue())));
      return resolved;
    }
    if (node.isArray()) {
      var resolved = MAPPER.createArrayNode();
      node.forEach(item -> resolved.add(resolve(item)));
      return resolved;
    }
    return node;
  }

  private static String read(String name) throws IOException {
    return Files.readString(MANIFESTS.resolve(name));
  }

  private static JsonNode json(String text) throws IOException {
    return MAPPER.readTree(text);
  }

  private static JsonNode yaml(String text) {
    var load = new Load(LoadSettings.builder().setSchema(new CoreSchema()).build());
    return MAPPER.valueToTree(load.loadFromString(text));
  }
}
