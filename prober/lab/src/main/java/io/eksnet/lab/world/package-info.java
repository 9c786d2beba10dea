/** The servers behind the cluster's addresses, and the lab that starts them all. */
@NullMarked
package io.eksnet.lab.world;

import org.jspecify.annotations.NullMarked;
