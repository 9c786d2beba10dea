package io.eksnet.lab;

/** Faults of a name server. */
public enum DnsFault implements Fault {
  NONE("answers from its zone"),
  REFUSE("nothing listens: ICMP port unreachable over UDP, RST over TCP"),
  DROP("queries and SYNs are dropped"),
  DROP_FIRST("the first of every two queries for a name and type is dropped"),
  DELAY("answers late"),
  TRUNCATE("truncated over UDP (TC), complete over TCP"),
  TRUNCATE_TCP_REFUSED("truncated over UDP, the TCP port is closed"),
  TRUNCATE_TCP_DROPPED("truncated over UDP, SYNs to the TCP port are dropped"),
  TCP_RESET("truncated over UDP, RST after the query over TCP"),
  SERVFAIL("rcode SERVFAIL"),
  REFUSED("rcode REFUSED"),
  FORMERR("rcode FORMERR"),
  NXDOMAIN("rcode NXDOMAIN for every name"),
  NODATA("rcode NOERROR without records for every name"),
  WRONG_ANSWER("a record of the requested type that is not in the zone"),
  WRONG_ID("a response with another message ID"),
  WRONG_ID_FIRST("a response with another message ID, then the right one"),
  WRONG_QUESTION("a response to another question"),
  WRONG_SOURCE("over UDP, a response from another port"),
  GARBAGE("bytes that are not DNS"),
  COMPRESSION_LOOP("a name with a compression loop (RFC 1035 section 4.1.4)");

  private final String meaning;

  DnsFault(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
