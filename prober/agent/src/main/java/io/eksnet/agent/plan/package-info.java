/** From settings to tasks, and the difference between two sets of tasks. */
@NullMarked
package io.eksnet.agent.plan;

import org.jspecify.annotations.NullMarked;
