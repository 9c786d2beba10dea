/** DNS queries to a named server. */
@NullMarked
package io.eksnet.probe.dns;

import org.jspecify.annotations.NullMarked;
