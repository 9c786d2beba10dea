/** Reads the environment, wires, starts, stops. */
@NullMarked
package io.eksnet.agent;

import org.jspecify.annotations.NullMarked;
