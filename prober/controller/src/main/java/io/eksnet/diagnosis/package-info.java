/** From evidence to findings, one class a rule; pure. */
@NullMarked
package io.eksnet.diagnosis;

import org.jspecify.annotations.NullMarked;
