/** What kinds share: connections, TLS, names and deadlines on one event loop. */
@NullMarked
package io.eksnet.probe.net;

import org.jspecify.annotations.NullMarked;
