/** Observations to meters; the only user of Micrometer and the Prometheus client. */
@NullMarked
package io.eksnet.metrics;

import org.jspecify.annotations.NullMarked;
