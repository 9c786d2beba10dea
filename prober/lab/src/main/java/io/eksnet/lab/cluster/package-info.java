/** The lab's cluster as one immutable value: what Kubernetes and AWS would tell of it. */
@NullMarked
package io.eksnet.lab.cluster;

import org.jspecify.annotations.NullMarked;
