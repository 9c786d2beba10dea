/** What the host says of itself: resolv.conf, hosts file. */
@NullMarked
package io.eksnet.fact.host;

import org.jspecify.annotations.NullMarked;
