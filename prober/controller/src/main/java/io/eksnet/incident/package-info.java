/** Findings over time as incidents, and changes of the inventory: pure functions of values. */
@NullMarked
package io.eksnet.incident;

import org.jspecify.annotations.NullMarked;
