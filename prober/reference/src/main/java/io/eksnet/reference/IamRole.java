package io.eksnet.reference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The role of the controller in the forms that people create roles with: trust policies for the AWS
 * CLI, CloudFormation, eksctl and Terraform. All come from one policy and two trust policies.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html">Pod Identity</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html">
 *     IRSA</a>
 */
final class IamRole {
  private static final String POD_IDENTITY =
      """
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"]
          }
        ]
      }
      """;
  private static final String IRSA =
      """
      {
        "Version": "2012-10-17",
        "Statement": [
          {
            "Effect": "Allow",
            "Principal": { "Federated": "arn:aws:iam::ACCOUNT:oidc-provider/ISSUER" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
              "StringEquals": {
                "ISSUER:aud": "sts.amazonaws.com",
                "ISSUER:sub": "system:serviceaccount:NAMESPACE:SERVICE_ACCOUNT"
              }
            }
          }
        ]
      }
      """;
  private static final Pattern WITH_PLACEHOLDER =
      Pattern.compile("\"[^\"\n]*(?:REGION|ACCOUNT|CLUSTER)[^\"\n]*\"");

  private IamRole() {}

  /** The generated files, by their path in {@code k8s}. */
  static Map<String, String> files(String policy) throws IOException {
    var files = new TreeMap<String, String>();
    files.put("trust-pod-identity.json", POD_IDENTITY);
    files.put(
        "trust-irsa.json",
        IRSA.replace("NAMESPACE", "eksnet").replace("SERVICE_ACCOUNT", "eksnet-controller"));
    files.put("cloudformation.yaml", cloudFormation(policy));
    files.put("eksctl.yaml", fill(template("eksctl.yaml"), "POLICY", policy, 8));
    files.put("terraform/iam-policy.json.tftpl", terraform(policy));
    files.put("terraform/trust-irsa.json.tftpl", terraform(IRSA));
    files.put("terraform/trust-pod-identity.json", POD_IDENTITY);
    return files;
  }

  private static String cloudFormation(String policy) throws IOException {
    var substituted =
        WITH_PLACEHOLDER
            .matcher(policy)
            .replaceAll(
                text ->
                    Matcher.quoteReplacement(
                        "{ \"Fn::Sub\": " + pseudoParameters(text.group()) + " }"));
    var text = fill(template("cloudformation.yaml"), "TRUST_OF_POD_IDENTITY", POD_IDENTITY, 12);
    text = fill(text, "TRUST_OF_IRSA", pseudoParameters(IRSA), 14);
    return fill(text, "POLICY", substituted, 12);
  }

  private static String pseudoParameters(String text) {
    return text.replace("arn:aws:", "arn:${AWS::Partition}:")
        .replace("REGION", "${AWS::Region}")
        .replace("SERVICE_ACCOUNT", "${ServiceAccount}")
        .replace("ACCOUNT", "${AWS::AccountId}")
        .replace("CLUSTER", "${ClusterName}")
        .replace("NAMESPACE", "${Namespace}")
        .replace("ISSUER", "${OidcProvider}");
  }

  private static String terraform(String text) {
    return text.replace("arn:aws:", "arn:${partition}:")
        .replace("REGION", "${region}")
        .replace("SERVICE_ACCOUNT", "${service_account}")
        .replace("ACCOUNT", "${account}")
        .replace("CLUSTER", "${cluster}")
        .replace("NAMESPACE", "${namespace}")
        .replace("ISSUER", "${issuer}");
  }

  /** Replaces the line with the placeholder by the JSON, which is YAML, too. */
  private static String fill(String template, String placeholder, String json, int indent) {
    return template.replace(
        "\n" + placeholder + "\n", "\n" + json.strip().indent(indent).stripTrailing() + "\n");
  }

  private static String template(String name) throws IOException {
    try (var in = IamRole.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
