/** What Kubernetes and AWS know of a cluster's network, each part with its age. */
@NullMarked
package io.eksnet.model.inventory;

import org.jspecify.annotations.NullMarked;
