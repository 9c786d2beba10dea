/** NetworkPolicies and the connections that they allow. */
@NullMarked
package io.eksnet.model.policy;

import org.jspecify.annotations.NullMarked;
