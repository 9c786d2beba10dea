/** The lab with Prometheus and Alertmanager, for demonstrations and tests of alerts. */
@NullMarked
package io.eksnet.lab.demo;

import org.jspecify.annotations.NullMarked;
