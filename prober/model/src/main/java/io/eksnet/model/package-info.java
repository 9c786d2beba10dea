/** The vocabulary: plain values, no library but the JDK. */
@NullMarked
package io.eksnet.model;

import org.jspecify.annotations.NullMarked;
