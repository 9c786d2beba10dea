/** Reference pages written from the objects the program runs on. */
@NullMarked
package io.eksnet.reference;

import org.jspecify.annotations.NullMarked;
