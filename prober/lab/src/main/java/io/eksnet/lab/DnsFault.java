package io.eksnet.lab;

/** The faults of a name server. */
public enum DnsFault implements Fault {
  NONE("answers from its zone"),
  REFUSE("nothing listens: ICMP port unreachable over UDP, RST over TCP"),
  DROP("queries vanish, and so do SYNs"),
  DROP_FIRST("of every two queries for a name and type the first vanishes"),
  DELAY("answers late"),
  TRUNCATE("cut over UDP (TC), whole over TCP"),
  TRUNCATE_TCP_REFUSED("cut over UDP, and the TCP port is closed"),
  TRUNCATE_TCP_DROPPED("cut over UDP, and SYNs to the TCP port vanish"),
  TCP_RESET("cut over UDP, and TCP breaks off with RST at the query"),
  SERVFAIL("rcode SERVFAIL"),
  REFUSED("rcode REFUSED"),
  FORMERR("rcode FORMERR"),
  NXDOMAIN("rcode NXDOMAIN, whatever the name"),
  NODATA("rcode NOERROR and no record, whatever the name"),
  WRONG_ANSWER("a record of the type asked for that the zone does not hold"),
  WRONG_ID("the answer to another query's ID"),
  WRONG_ID_FIRST("a forgery with another ID, then the answer"),
  WRONG_QUESTION("the answer to another question"),
  WRONG_SOURCE("over UDP, the answer from another port"),
  GARBAGE("bytes that are not DNS"),
  COMPRESSION_LOOP("a name that points to itself (RFC 1035 section 4.1.4)");

  private final String meaning;

  DnsFault(String meaning) {
    this.meaning = meaning;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
