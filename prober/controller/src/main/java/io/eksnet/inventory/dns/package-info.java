/** The part of the inventory that comes from DNS, as the controller resolves names. */
@NullMarked
package io.eksnet.inventory.dns;

import org.jspecify.annotations.NullMarked;
