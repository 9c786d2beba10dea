/**
 * Load balancers that behave: they check their targets, route to the healthy ones, and fail open.
 */
@NullMarked
package io.eksnet.lab.alb;

import org.jspecify.annotations.NullMarked;
