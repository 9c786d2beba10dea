/** The part of the inventory that comes from the Kubernetes API, kept up to date by watches. */
@NullMarked
package io.eksnet.inventory.kube;

import org.jspecify.annotations.NullMarked;
