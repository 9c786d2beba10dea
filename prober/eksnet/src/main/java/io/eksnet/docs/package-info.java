/** Reference pages written from the objects the program runs on. */
@NullMarked
package io.eksnet.docs;

import org.jspecify.annotations.NullMarked;
