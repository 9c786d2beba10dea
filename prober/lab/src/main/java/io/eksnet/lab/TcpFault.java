package io.eksnet.lab;

/** The faults of a TCP service. */
public enum TcpFault implements Fault {
  NONE("greets, then echoes"),
  REFUSE("the port is closed: RST"),
  DROP("SYNs are dropped without an answer"),
  RESET("accepts, then RST"),
  RESET_ON_DATA("greets, then RST at the first byte"),
  CLOSE("accepts, then FIN"),
  STALL("accepts, and never says a word"),
  DELAY("greets and echoes late"),
  GARBAGE("greets with noise"),
  ENDLESS("never stops talking");

  private final String meaning;

  TcpFault(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
