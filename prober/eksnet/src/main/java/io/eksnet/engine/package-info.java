/** Timers, deadlines and limits on runs in flight; decides nothing. */
@NullMarked
package io.eksnet.engine;

import org.jspecify.annotations.NullMarked;
