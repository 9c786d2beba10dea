/** The reference page of the alerts, from the files that Prometheus and Alertmanager load. */
@NullMarked
package io.eksnet.reference.alerts;

import org.jspecify.annotations.NullMarked;
