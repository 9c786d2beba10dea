package io.eksnet.model.inventory;

/**
 * An address of a load balancer.
 *
 * @param zone where the network interface with the address is
 */
public record LbAddress(String zone, String address) {}
