package io.eksnet.lab.cluster;

import java.util.List;

/** A managed prefix list. */
public record PrefixList(String id, String name, String owner, List<String> entries)
    implements Item {

  public PrefixList {
    entries = List.copyOf(entries);
  }

  @Override
  public String key() {
    return id;
  }
}
