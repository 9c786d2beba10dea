/** Endpoints and their security. */
@NullMarked
package io.eksnet.web;

import org.jspecify.annotations.NullMarked;
