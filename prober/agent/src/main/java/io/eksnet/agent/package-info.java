/** The process: configuration, plan, scheduler, metrics and endpoints of one node. */
@NullMarked
package io.eksnet.agent;

import org.jspecify.annotations.NullMarked;
