/** The one list of probe kinds. */
@NullMarked
package io.eksnet.probe;

import org.jspecify.annotations.NullMarked;
