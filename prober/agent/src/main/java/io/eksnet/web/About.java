package io.eksnet.web;

import java.net.URI;
import java.util.Optional;

/**
 * Name and version for the status page.
 *
 * @param url of the status page for users, perhaps behind a proxy; empty: unknown
 */
public record About(String name, String version, String revision, Optional<URI> url) {}
