/** Changes of the cluster's state, written as YAML. */
@NullMarked
package io.eksnet.lab.change;

import org.jspecify.annotations.NullMarked;
