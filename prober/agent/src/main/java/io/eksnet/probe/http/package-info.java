/** HTTP requests, each over a new connection. */
@NullMarked
package io.eksnet.probe.http;

import org.jspecify.annotations.NullMarked;
