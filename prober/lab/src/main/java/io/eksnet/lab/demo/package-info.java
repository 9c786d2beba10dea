/**
 * The way from a fault to a page: a real Prometheus and Alertmanager, and somebody who is paged.
 */
@NullMarked
package io.eksnet.lab.demo;

import org.jspecify.annotations.NullMarked;
