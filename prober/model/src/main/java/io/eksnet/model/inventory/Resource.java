package io.eksnet.model.inventory;

/**
 * A part of the inventory: the key under which a source keeps what it knows.
 *
 * @param name the label {@code poll}, and the key in {@code /api/v1/inventory}
 * @param service it is read from: {@code kubernetes}, {@code ec2}, {@code elbv2}, {@code eks} or
 *     {@code sts}
 * @param meaning one clause for the reference
 * @param <T> what is known; immutable
 */
@SuppressWarnings("UnusedTypeParameter")
public record Resource<T>(String name, String service, String meaning) {}
