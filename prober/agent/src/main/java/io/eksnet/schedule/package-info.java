/** Timers, deadlines and limits on runs in flight; decides nothing. */
@NullMarked
package io.eksnet.schedule;

import org.jspecify.annotations.NullMarked;
