package io.eksnet.inventory.aws;

import java.util.List;

/** What carries a connection, as the rules of security groups name it. */
enum Transport {
  TCP("tcp", "6"),
  UDP("udp", "17");

  private final String label;
  private final String number;

  Transport(String label, String number) {
    this.label = label;
    this.number = number;
  }

  String label() {
    return label;
  }

  boolean named(String protocol) {
    return protocol.equals(label) || protocol.equals(number);
  }

  /** Those that a target group of this protocol needs; none: not one that groups of rules know. */
  static List<Transport> of(String targetGroupProtocol) {
    return switch (targetGroupProtocol) {
      case "HTTP", "HTTPS", "TCP", "TLS" -> List.of(TCP);
      case "UDP", "QUIC" -> List.of(UDP);
      case "TCP_UDP", "TCP_QUIC" -> List.of(TCP, UDP);
      default -> List.of();
    };
  }
}
