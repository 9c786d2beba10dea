package io.eksnet.model.inventory;

/**
 * A port of a Service.
 *
 * @param name empty where there is only one
 * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
 * @param targetPort a number or the name of a container port
 * @param nodePort 0 where there is none
 * @param appProtocol empty if not set
 */
public record ServicePort(
    String name, String protocol, int port, String targetPort, int nodePort, String appProtocol) {}
