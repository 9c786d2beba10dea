package io.eksnet.lab.cluster;

/** What EKS says is wrong with a cluster, an add-on or a node group. */
public record Issue(String code, String message) {}
