package io.eksnet.model.inventory;

import java.util.Optional;

/**
 * A port of a Service.
 *
 * @param name empty where there is only one
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 * @param nodePort 0 where there is none
 * @param endpointPort where its pods listen; empty if that is not known, or differs between pods
 * @param appProtocol empty if not set
 */
public record ServicePort(
    String name,
    String protocol,
    int port,
    int nodePort,
    Optional<Integer> endpointPort,
    String appProtocol) {}
