/** The status page of a cluster: from values to HTML. */
@NullMarked
package io.eksnet.controller.page;

import org.jspecify.annotations.NullMarked;
