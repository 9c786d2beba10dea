package io.eksnet.model.inventory;

/**
 * A resource type of the inventory.
 *
 * @param name the label {@code poll}, and the key in {@code /api/v1/inventory}
 * @param service it is read from: {@code kubernetes}, {@code ec2}, {@code elbv2}, {@code eks} or
 *     {@code sts}
 * @param meaning one clause for the reference
 * @param <T> the type of its value; immutable
 */
@SuppressWarnings("UnusedTypeParameter")
public record Resource<T>(String name, String service, String meaning) {}
