/** From evidence to findings, one class a rule; pure. */
@NullMarked
package io.eksnet.diagnose;

import org.jspecify.annotations.NullMarked;
