/** The network of a cluster as Kubernetes and AWS report it; each resource has its age. */
@NullMarked
package io.eksnet.model.inventory;

import org.jspecify.annotations.NullMarked;
