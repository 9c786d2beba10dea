/** What a source of facts is: the same shape for Kubernetes, AWS and the host. */
@NullMarked
package io.eksnet.inventory;

import org.jspecify.annotations.NullMarked;
