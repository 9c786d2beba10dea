/** What names resolve to where the controller runs. */
@NullMarked
package io.eksnet.inventory.dns;

import org.jspecify.annotations.NullMarked;
