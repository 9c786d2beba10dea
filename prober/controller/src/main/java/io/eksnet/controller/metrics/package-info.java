/** Series of the inventory: pure functions, one class per kind of object. */
@NullMarked
package io.eksnet.controller.metrics;

import org.jspecify.annotations.NullMarked;
