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

/** What a name server knows and has heard, whatever the transport. */
final class NameService {
  private static final int KEPT = 1000;
  private static final int COUNTED = 10_000;

  final Switch<DnsFault> control;
  final AtomicLong udp = new AtomicLong();
  final AtomicLong tcp = new AtomicLong();
  private volatile Zone zone;
  private final ArrayDeque<DnsServer.Asked> asked = new ArrayDeque<>();
  private final Map<String, Integer> times = new HashMap<>();

  NameService(Zone zone, Switch<DnsFault> control) {
    this.zone = zone;
    this.control = control;
  }

  void zone(Zone next) {
    zone = next;
  }

  synchronized List<DnsServer.Asked> asked() {
    return List.copyOf(asked);
  }

  /** The messages that answer {@code wire}: none to what is not a query. */
  List<byte[]> answer(byte[] wire, boolean overTcp) {
    (overTcp ? tcp : udp).incrementAndGet();
    try {
      var query = new Message(wire);
      var question = query.getQuestion();
      if (question == null) {
        return List.of();
      }
      var fault = control.fault();
      var first = heard(overTcp, question.getName(), question.getType());
      return fault == DnsFault.DROP_FIRST && first
          ? List.of()
          : new Reply(query, zone).under(fault, overTcp);
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Notes a query; whether it is the first of a pair. */
  private synchronized boolean heard(boolean overTcp, Name name, int type) {
    if (asked.size() == KEPT) {
      asked.removeFirst();
    }
    asked.addLast(new DnsServer.Asked(overTcp, name.toString(), Type.string(type)));
    if (control.fault() != DnsFault.DROP_FIRST || times.size() == COUNTED) {
      times.clear();
    }
    return times.merge(name + " " + type, 1, Integer::sum) % 2 == 1;
  }
}
