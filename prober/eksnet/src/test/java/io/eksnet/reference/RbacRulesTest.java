package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.Permission;
import io.eksnet.inventory.Permission.Rbac;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;

class RbacRulesTest {
  private static final List<Permission> RIGHTS =
      List.of(
          Rbac.watch("", "pods"),
          Rbac.watch("apps", "deployments"),
          Rbac.watch("", "nodes"),
          Rbac.watch("", "pods"),
          Permission.Iam.anywhere("ec2:DescribeSubnets"),
          new Rbac("", "serviceaccounts", List.of("get"), List.of("coredns"), ""),
          new Rbac("", "configmaps", List.of("get"), List.of("coredns"), "kube-system"),
          new Rbac("coordination.k8s.io", "leases", List.of("create"), List.of(), "."),
          new Rbac("coordination.k8s.io", "leases", List.of("get", "update"), List.of("it"), "."));

  @Test
  void thereIsARoleForTheClusterAndOneForEachNamespace() {
    assertThat(RbacRules.yaml(RIGHTS))
        .isEqualTo(
            """
            # Written by `make reference` from the program itself; changes by hand are lost.
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata:
              name: eksnet-controller
            rules:
              - apiGroups: [""]
                resources: [nodes, pods]
                verbs: [get, list, watch]
              - apiGroups: [""]
                resources: [serviceaccounts]
                resourceNames: [coredns]
                verbs: [get]
              - apiGroups: [apps]
                resources: [deployments]
                verbs: [get, list, watch]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata:
              name: eksnet-controller
              namespace: NAMESPACE
            rules:
              - apiGroups: [coordination.k8s.io]
                resources: [leases]
                verbs: [create]
              - apiGroups: [coordination.k8s.io]
                resources: [leases]
                resourceNames: [it]
                verbs: [get, update]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata:
              name: eksnet-controller
              namespace: kube-system
            rules:
              - apiGroups: [""]
                resources: [configmaps]
                resourceNames: [coredns]
                verbs: [get]
            """);
  }

  @Test
  void theClusterRoleOfTheProgramOnlyReadsAndNoSecrets() {
    var yaml = RbacRules.yaml(Purpose.rights(Purpose.all()));
    var role = Serialization.unmarshal(yaml.split("---\n", -1)[0], ClusterRole.class);

    assertThat(role.getRules()).hasSizeGreaterThan(5);
    assertThat(role.getRules())
        .flatExtracting(PolicyRule::getVerbs)
        .containsOnly("get", "list", "watch");
    assertThat(role.getRules())
        .flatExtracting(PolicyRule::getResources)
        .contains("pods", "endpointslices", "ingresses")
        .doesNotContain("secrets", "*", "pods/exec", "pods/log");
  }
}
