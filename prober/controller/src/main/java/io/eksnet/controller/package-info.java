/** Reads the environment, wires, starts, stops. */
@NullMarked
package io.eksnet.controller;

import org.jspecify.annotations.NullMarked;
