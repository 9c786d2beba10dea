/** The servers of the lab's cluster, its scenarios, and the program that runs them. */
@NullMarked
package io.eksnet.lab.world;

import org.jspecify.annotations.NullMarked;
