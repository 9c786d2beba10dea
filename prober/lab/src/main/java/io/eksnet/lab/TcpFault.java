package io.eksnet.lab;

/** Faults of a TCP server. */
public enum TcpFault implements Fault {
  NONE("sends a banner, then echoes"),
  REFUSE("the port is closed: RST"),
  DROP("SYNs are dropped"),
  RESET("accepts, then RST"),
  RESET_ON_DATA("sends a banner, then RST after the first byte"),
  CLOSE("accepts, then FIN"),
  STALL("accepts, then sends nothing"),
  DELAY("sends the banner and echoes with a delay"),
  GARBAGE("sends random bytes"),
  ENDLESS("sends without end");

  private final String meaning;

  TcpFault(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
