/** The vocabulary: plain values, no library but the JDK. */
@NullMarked
package io.eksnet.core;

import org.jspecify.annotations.NullMarked;
