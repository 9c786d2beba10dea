/** The controller: leader election, polls, plans, observations and diagnosis. */
@NullMarked
package io.eksnet.controller;

import org.jspecify.annotations.NullMarked;
