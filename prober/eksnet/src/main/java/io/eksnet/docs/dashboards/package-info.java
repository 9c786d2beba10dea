/** Dashboards for Grafana, as values and as the JSON that Grafana imports. */
@NullMarked
package io.eksnet.docs.dashboards;

import org.jspecify.annotations.NullMarked;
