/** TCP connections, with an optional payload and expected response. */
@NullMarked
package io.eksnet.probe.tcp;

import org.jspecify.annotations.NullMarked;
