package io.eksnet.inventory.aws;

import java.util.List;

/** A transport protocol, by the names that security group rules use. */
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

  boolean matches(String ruleProtocol) {
    return ruleProtocol.equals(label) || ruleProtocol.equals(number);
  }

  /** The transports of a target group's protocol; empty for one without ports, as GENEVE. */
  static List<Transport> of(String targetGroupProtocol) {
    return switch (targetGroupProtocol) {
      case "HTTP", "HTTPS", "TCP", "TLS" -> List.of(TCP);
      case "UDP", "QUIC" -> List.of(UDP);
      case "TCP_UDP", "TCP_QUIC" -> List.of(TCP, UDP);
      default -> List.of();
    };
  }
}
