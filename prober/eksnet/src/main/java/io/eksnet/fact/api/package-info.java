/** What a source of facts is: the same shape for Kubernetes, AWS and the host. */
@NullMarked
package io.eksnet.fact.api;

import org.jspecify.annotations.NullMarked;
