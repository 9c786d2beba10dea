/** TCP connects, with an optional conversation. */
@NullMarked
package io.eksnet.probe.tcp;

import org.jspecify.annotations.NullMarked;
