/** From settings to tasks, and the difference between two sets of tasks. */
@NullMarked
package io.eksnet.plan;

import org.jspecify.annotations.NullMarked;
