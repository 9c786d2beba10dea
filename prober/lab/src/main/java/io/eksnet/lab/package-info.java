/**
 * Servers on loopback with switchable faults. The lab does not depend on the program that it tests.
 */
@NullMarked
package io.eksnet.lab;

import org.jspecify.annotations.NullMarked;
