package io.eksnet.plan;

/**
 * Something that a plan leaves out because it was not well said; the rest is not touched by it.
 *
 * @param object such as {@code service/shop/backend}
 * @param field such as the annotation {@code eksnet.io/port}
 * @param wrong what is wrong with it
 * @param remedy what to do
 */
public record ValidationError(String object, String field, String wrong, String remedy) {}
