/** The status page of a cluster: view models and their templates. */
@NullMarked
package io.eksnet.controller.page;

import org.jspecify.annotations.NullMarked;
