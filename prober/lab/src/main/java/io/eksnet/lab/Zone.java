package io.eksnet.lab;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Master;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/** The records of a name server; immutable. Names may start with a wildcard label. */
public final class Zone {
  private static final SOARecord ROOT = root();

  private final List<Record> records;
  private final Map<Name, List<Record>> byName = new HashMap<>();
  private final Set<Name> existing = new HashSet<>();

  private Zone(List<Record> records) {
    this.records = List.copyOf(records);
    for (var record : records) {
      byName.computeIfAbsent(record.getName(), name -> new ArrayList<>()).add(record);
      for (var name = record.getName(); name.labels() > 0; name = new Name(name, 1)) {
        existing.add(name);
      }
    }
  }

  /** Parses a zone file (RFC 1035 section 5) with a default TTL of 30 s. */
  public static Zone of(String master) {
    var records = new ArrayList<Record>();
    var text = new ByteArrayInputStream(master.getBytes(StandardCharsets.UTF_8));
    try (var reader = new Master(text, Name.root, 30)) {
      for (var record = reader.nextRecord(); record != null; record = reader.nextRecord()) {
        records.add(record);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not a zone file: " + e.getMessage(), e);
    }
    return new Zone(records);
  }

  /** A zone of these records. */
  public static Zone of(List<Record> records) {
    return new Zone(records);
  }

  /** A zone with the records of {@code master} as well. */
  public Zone and(String master) {
    var both = new ArrayList<>(records);
    both.addAll(of(master).records);
    return new Zone(both);
  }

  /** The records of {@code name}, or of the wildcard that matches it (RFC 4592). */
  List<Record> at(Name name) {
    var exact = byName.get(name);
    if (exact != null) {
      return exact;
    }
    return existing.contains(name) ? List.of() : wild(name);
  }

  /** Whether the name has records or names below it. */
  boolean has(Name name) {
    return existing.contains(name) || !wild(name).isEmpty();
  }

  /** The SOA record for {@code name}; that of the root if the zone has none. */
  SOARecord authority(Name name) {
    for (var ancestor = name; ; ancestor = new Name(ancestor, 1)) {
      var start = start(ancestor);
      if (start.isPresent()) {
        return start.get();
      }
      if (ancestor.labels() <= 1) {
        return ROOT;
      }
    }
  }

  private List<Record> wild(Name name) {
    for (int cut = 1; cut < name.labels(); cut++) {
      var star = byName.get(name.wild(cut));
      if (star != null) {
        return star.stream().map(record -> renamed(record, name)).toList();
      }
      if (existing.contains(new Name(name, cut))) {
        return List.of();
      }
    }
    return List.of();
  }

  private static Record renamed(Record record, Name name) {
    return Record.newRecord(
        name, record.getType(), record.getDClass(), record.getTTL(), record.rdataToWireCanonical());
  }

  private Optional<SOARecord> start(Name name) {
    return byName.getOrDefault(name, List.of()).stream()
        .filter(record -> record.getType() == Type.SOA)
        .map(SOARecord.class::cast)
        .findFirst();
  }

  private static SOARecord root() {
    return new SOARecord(Name.root, DClass.IN, 30, Name.root, Name.root, 1, 3600, 600, 86400, 30);
  }
}
