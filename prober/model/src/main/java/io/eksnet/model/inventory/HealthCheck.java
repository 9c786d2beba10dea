package io.eksnet.model.inventory;

import java.time.Duration;

/**
 * How a target group checks its targets.
 *
 * @param port a number or {@code traffic-port}
 * @param path empty where the protocol has none
 * @param matcher the codes that are healthy, such as {@code 200} or {@code 200-299,301}
 */
public record HealthCheck(
    boolean enabled,
    String protocol,
    String port,
    String path,
    String matcher,
    Duration interval,
    Duration timeout) {}
