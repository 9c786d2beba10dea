/** The state of the lab's cluster, and changes of it that are written in YAML. */
@NullMarked
package io.eksnet.lab.cluster;

import org.jspecify.annotations.NullMarked;
