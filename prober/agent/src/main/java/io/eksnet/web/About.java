package io.eksnet.web;

import java.net.URI;
import java.util.Optional;

/**
 * What the pages say of the program.
 *
 * @param url under which users reach them, perhaps through a proxy; empty: not known
 */
public record About(String name, String version, String revision, Optional<URI> url) {}
