package io.eksnet.model.inventory;

/**
 * A rule of an Ingress.
 *
 * @param host empty: every host
 * @param path empty: every path
 * @param servicePort a number or a name
 */
public record IngressRule(String host, String path, String service, String servicePort) {}
