/** What names resolve to where the controller runs. */
@NullMarked
package io.eksnet.fact.names;

import org.jspecify.annotations.NullMarked;
