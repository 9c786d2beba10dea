/** TLS handshakes, judged by name, chain, expiry and protocol. */
@NullMarked
package io.eksnet.probe.tls;

import org.jspecify.annotations.NullMarked;
