/** The commands of eksnet. */
@NullMarked
package io.eksnet.cli;

import org.jspecify.annotations.NullMarked;
