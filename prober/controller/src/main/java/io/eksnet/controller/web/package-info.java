/** Endpoints and their security. */
@NullMarked
package io.eksnet.controller.web;

import org.jspecify.annotations.NullMarked;
