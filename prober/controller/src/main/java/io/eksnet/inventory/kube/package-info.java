/** What Kubernetes knows of a cluster's network, kept up to date by watches. */
@NullMarked
package io.eksnet.inventory.kube;

import org.jspecify.annotations.NullMarked;
