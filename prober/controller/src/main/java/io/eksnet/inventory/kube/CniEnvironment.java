package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.CniSettings;
import java.util.Map;
import java.util.Optional;

/**
 * The environment of {@code aws-node}, with the defaults of the VPC CNI's README. In an IPv6
 * cluster prefixes are /80, of which no subnet runs out.
 */
final class CniEnvironment {
  private CniEnvironment() {}

  /** What it sets. */
  static CniSettings settings(Map<String, String> env) {
    return new CniSettings(
        flag(env, "ENABLE_PREFIX_DELEGATION", false) && !flag(env, "ENABLE_IPv6", false),
        flag(env, "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", false),
        flag(env, "ENABLE_SUBNET_DISCOVERY", true),
        flag(env, "ENABLE_POD_ENI", false),
        !env.getOrDefault("POD_SECURITY_GROUP_ENFORCING_MODE", "strict").equals("standard"),
        number(env, "WARM_IP_TARGET"),
        number(env, "MINIMUM_IP_TARGET"));
  }

  private static boolean flag(Map<String, String> env, String name, boolean otherwise) {
    var value = env.getOrDefault(name, "").strip();
    return value.isEmpty() ? otherwise : value.equalsIgnoreCase("true") || value.equals("1");
  }

  private static Optional<Integer> number(Map<String, String> env, String name) {
    var value = env.getOrDefault(name, "").strip();
    return value.matches("\\d{1,9}") ? Optional.of(Integer.valueOf(value)) : Optional.empty();
  }
}
