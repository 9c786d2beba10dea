package io.eksnet.lab;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The zone, fault and queries of a name server for both transports. */
final class DnsQueries {
  private static final int MAX_QUERIES = 1000;
  private static final int MAX_COUNTED_NAMES = 10_000;

  final FaultSwitch<DnsFault> control;
  final AtomicLong udp = new AtomicLong();
  final AtomicLong tcp = new AtomicLong();
  private volatile Zone zone;
  private final ArrayDeque<DnsServer.Query> queries = new ArrayDeque<>();
  private final Map<String, Integer> counts = new HashMap<>();

  DnsQueries(Zone zone, FaultSwitch<DnsFault> control) {
    this.zone = zone;
    this.control = control;
  }

  void zone(Zone next) {
    zone = next;
  }

  synchronized List<DnsServer.Query> queries() {
    return List.copyOf(queries);
  }

  /** The responses to a message, none if it is not a query. */
  List<byte[]> respond(byte[] wire, boolean overTcp) {
    (overTcp ? tcp : udp).incrementAndGet();
    try {
      var query = new Message(wire);
      var question = query.getQuestion();
      if (question == null) {
        return List.of();
      }
      var fault = control.fault();
      var first = record(overTcp, question.getName(), question.getType());
      return fault == DnsFault.DROP_FIRST && first
          ? List.of()
          : new DnsResponses(query, zone).build(fault, overTcp);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Records a query; true if it is the first of a pair. */
  private synchronized boolean record(boolean overTcp, Name name, int type) {
    if (queries.size() == MAX_QUERIES) {
      queries.removeFirst();
    }
    queries.addLast(new DnsServer.Query(overTcp, name.toString(), Type.string(type)));
    if (control.fault() != DnsFault.DROP_FIRST || counts.size() == MAX_COUNTED_NAMES) {
      counts.clear();
    }
    return counts.merge(name + " " + type, 1, Integer::sum) % 2 == 1;
  }
}
