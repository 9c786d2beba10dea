/**
 * From the inventory to series: pure functions, one class for each thing the network is made of.
 */
@NullMarked
package io.eksnet.controller.metrics;

import org.jspecify.annotations.NullMarked;
