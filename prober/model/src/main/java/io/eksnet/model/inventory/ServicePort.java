package io.eksnet.model.inventory;

/**
 * A port of a Service.
 *
 * @param name empty where there is only one
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 * @param nodePort 0 where there is none
 * @param appProtocol empty if not set
 */
public record ServicePort(
    String name, String protocol, int port, int nodePort, String appProtocol) {}
