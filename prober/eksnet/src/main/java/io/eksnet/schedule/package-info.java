/** When a task is due. */
@NullMarked
package io.eksnet.schedule;

import org.jspecify.annotations.NullMarked;
