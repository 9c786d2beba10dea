/** What was seen of a cluster's network, and what it means. */
@NullMarked
package io.eksnet.model.diagnosis;

import org.jspecify.annotations.NullMarked;
