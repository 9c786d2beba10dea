package io.eksnet.web;

/** What the pages say of the program. */
public record About(String name, String version, String revision) {}
