/**
 * The lab: a small network on loopback with a switch for every fault. It knows nothing of the
 * program that probes it.
 */
@NullMarked
package io.eksnet.lab;

import org.jspecify.annotations.NullMarked;
