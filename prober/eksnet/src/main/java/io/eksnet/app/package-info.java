/** Reads the environment, wires, starts, stops. */
@NullMarked
package io.eksnet.app;

import org.jspecify.annotations.NullMarked;
