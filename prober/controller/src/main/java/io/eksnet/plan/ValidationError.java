package io.eksnet.plan;

/**
 * Something that a plan leaves out because it is not valid; the rest of the plan is not affected.
 *
 * @param object such as {@code service/shop/backend}
 * @param field such as the annotation {@code eksnet.io/port}
 * @param problem what is wrong with it
 * @param remedy what to do
 */
public record ValidationError(String object, String field, String problem, String remedy) {}
