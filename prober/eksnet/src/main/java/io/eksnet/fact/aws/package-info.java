/** What AWS knows; the only place that knows its SDK. */
@NullMarked
package io.eksnet.fact.aws;

import org.jspecify.annotations.NullMarked;
