/** HTTP requests over a connection of their own. */
@NullMarked
package io.eksnet.probe.http;

import org.jspecify.annotations.NullMarked;
