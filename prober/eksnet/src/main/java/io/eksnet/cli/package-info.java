/** Reads the environment, wires, starts, stops. */
@NullMarked
package io.eksnet.cli;

import org.jspecify.annotations.NullMarked;
