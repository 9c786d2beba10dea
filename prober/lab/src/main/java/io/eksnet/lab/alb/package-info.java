/** Load balancers: listeners that route to healthy targets and fail open, and health checks. */
@NullMarked
package io.eksnet.lab.alb;

import org.jspecify.annotations.NullMarked;
