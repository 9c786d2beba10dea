/** YAML to settings records, all problems at once with their place. */
@NullMarked
package io.eksnet.config;

import org.jspecify.annotations.NullMarked;
