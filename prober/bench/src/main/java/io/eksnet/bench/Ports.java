package io.eksnet.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Where the target server listens: one port a kind, the same on each of its addresses. */
record Ports(int http, int https, int tcp, int dns) {
  /** The name in the target's certificate. */
  static final String NAME = "target.bench.test";

  /** Addresses a /24; with one destination alone a client would run out of local ports. */
  private static final int EACH = 250;

  /** The first {@code count} addresses of the targets, from 127.1.0.1 on. */
  static List<String> addresses(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> "127.1." + n / EACH + "." + (1 + n % EACH))
        .toList();
  }

  /** What the target prints when it listens: {@code ready 1 2 3 4}. */
  static Ports parse(String line) {
    var words = line.split(" ", -1);
    if (words.length != 5 || !words[0].equals("ready")) {
      throw new IllegalArgumentException("expected 'ready' and four ports, not: " + line);
    }
    return new Ports(
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]));
  }

  String line() {
    return "ready " + http + " " + https + " " + tcp + " " + dns;
  }

  int of(TargetKind kind) {
    return switch (kind) {
      case HTTP -> http;
      case HTTPS -> https;
      case TCP -> tcp;
      case DNS -> dns;
    };
  }

  /** The targets of a kind as a user would write them. */
  List<String> targets(TargetKind kind, int count, int delay) {
    var targets = new ArrayList<String>(count);
    for (var address : addresses(count)) {
      var authority = address + ":" + of(kind);
      targets.add(
          switch (kind) {
            case HTTP, HTTPS -> kind.label() + "://" + authority + "/delay/" + delay;
            case TCP, DNS -> authority;
          });
    }
    return targets;
  }

  /** The name to ask a DNS target for; its first label is the delay. */
  static String question(int delay) {
    return "d" + delay + ".bench.test.";
  }
}
