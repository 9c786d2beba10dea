package io.eksnet.model.inventory;

/**
 * How the VPC CNI is set up, from the environment of {@code aws-node}.
 *
 * @param subnetDiscovery whether it picks subnets by tag (default since 1.18)
 * @param podSecurityGroups whether pods can have security groups of their own
 * @param strict whether only those apply to such pods
 */
public record CniSettings(
    boolean prefixDelegation,
    boolean customNetworking,
    boolean subnetDiscovery,
    boolean podSecurityGroups,
    boolean strict) {}
