package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.Optional;

/**
 * A pod behind a target group.
 *
 * @param branchInterface the interface of its own ({@code vpc.amazonaws.com/pod-eni}), if any
 * @param since when it got its node, or was created
 */
public record ServicePod(
    String ip,
    String node,
    boolean ready,
    boolean hostNetwork,
    Optional<String> branchInterface,
    Instant since) {}
