/** The diagnosis: pure functions from evidence to findings, one class per family of causes. */
@NullMarked
package io.eksnet.diagnosis;

import org.jspecify.annotations.NullMarked;
