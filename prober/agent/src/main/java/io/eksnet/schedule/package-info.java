/** When tasks run: the fixed grid, the scheduler of probes, and timers. */
@NullMarked
package io.eksnet.schedule;

import org.jspecify.annotations.NullMarked;
