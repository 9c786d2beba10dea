package io.eksnet.model.inventory;

/**
 * An address of a load balancer.
 *
 * @param loadBalancer its name
 * @param zone where the network interface with the address is
 */
public record LbAddress(String loadBalancer, String zone, String address) {}
