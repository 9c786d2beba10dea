/** The Kubernetes API of the lab, with watches and faults. */
@NullMarked
package io.eksnet.lab.kube;

import org.jspecify.annotations.NullMarked;
