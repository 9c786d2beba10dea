package io.eksnet.lab.cluster;

/** Names that the name servers know, as the text of a zone. */
public record Names(String key, String zone) implements Item {}
