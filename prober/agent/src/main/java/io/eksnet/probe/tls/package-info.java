/** TLS handshakes with verification of chain, dates and name. */
@NullMarked
package io.eksnet.probe.tls;

import org.jspecify.annotations.NullMarked;
