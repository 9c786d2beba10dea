/** Side-by-side runs of eksnet, blackbox_exporter and the plain limit, on loopback. */
@NullMarked
package io.eksnet.bench;

import org.jspecify.annotations.NullMarked;
