/** What a kind of probe is. */
@NullMarked
package io.eksnet.probe.api;

import org.jspecify.annotations.NullMarked;
