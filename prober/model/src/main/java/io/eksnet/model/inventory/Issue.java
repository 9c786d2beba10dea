package io.eksnet.model.inventory;

import java.util.Optional;

/**
 * A health issue that EKS itself reports.
 *
 * @param code such as {@code ConfigurationConflict} (EKS API Reference, "AddonIssue" and
 *     "ClusterIssue")
 * @param message for people; empty in evidence of older versions
 */
public record Issue(String code, Optional<String> message) {}
