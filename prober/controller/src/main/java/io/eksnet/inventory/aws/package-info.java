/** What AWS knows; the only place that knows its SDK. */
@NullMarked
package io.eksnet.inventory.aws;

import org.jspecify.annotations.NullMarked;
