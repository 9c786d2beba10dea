package io.eksnet.probe.net;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * What is asked of a name server.
 *
 * @param name absolute
 * @param type as in {@link Type}
 */
public record DnsQuestion(Name name, int type, boolean recursionDesired) {
  /** Fits every path unfragmented (dnsflagday.net/2020). */
  private static final int EDNS_BUFFER = 1232;

  /** More aliases in a row than any resolver follows. */
  private static final int LONGEST_CHAIN = 16;

  public DnsQuestion {
    Objects.requireNonNull(name);
    if (!name.isAbsolute()) {
      throw new IllegalArgumentException("the name to ask must be absolute, unlike " + name);
    }
  }

  /**
   * The name that {@code text} writes; the trailing dot may be missing.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static Name absolute(String text) {
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a domain name: " + e.getMessage(), e);
    }
  }

  /** The query on the wire. */
  byte[] wire(int id) {
    var query = new Message(id);
    if (recursionDesired) {
      query.getHeader().setFlag(Flags.RD);
    }
    query.addRecord(Record.newRecord(name, type, DClass.IN), Section.QUESTION);
    query.addRecord(new OPTRecord(EDNS_BUFFER, 0, 0), Section.ADDITIONAL);
    return query.toWire();
  }

  /** Why a message is no answer to this question; empty when it is one. */
  Optional<String> mismatch(Message message) {
    var header = message.getHeader();
    if (!header.getFlag(Flags.QR) || header.getOpcode() != Opcode.QUERY) {
      return Optional.of("a message that is not an answer");
    }
    var questions = message.getSection(Section.QUESTION);
    if (questions.isEmpty() && message.getRcode() != Rcode.NOERROR) {
      return Optional.empty(); // a server that could not read the query repeats no question
    }
    var same =
        questions.size() == 1
            && questions.get(0).getName().equals(name)
            && questions.get(0).getType() == type
            && questions.get(0).getDClass() == DClass.IN;
    return same ? Optional.empty() : Optional.of("an answer to another question");
  }

  /** The records of the type asked for that belong to the name or to one it is an alias of. */
  public List<Record> answersIn(Message message) {
    var records = message.getSection(Section.ANSWER);
    var names = type == Type.ANY || type == Type.CNAME ? Set.of(name) : aliases(records);
    return records.stream()
        .filter(this::isOfType)
        .filter(r -> names.contains(r.getName()))
        .toList();
  }

  /** Whether the answer section has records of the type asked for, whosever they are. */
  public boolean hasType(Message message) {
    return message.getSection(Section.ANSWER).stream().anyMatch(this::isOfType);
  }

  private boolean isOfType(Record answer) {
    return type == Type.ANY || answer.getType() == type;
  }

  private Set<Name> aliases(List<Record> records) {
    var names = new HashSet<Name>();
    names.add(name);
    var grew = true;
    for (var hop = 0; grew && hop < LONGEST_CHAIN; hop++) {
      grew = false;
      for (var answer : records) {
        if (answer instanceof CNAMERecord alias && names.contains(alias.getName())) {
          grew |= names.add(alias.getTarget());
        }
      }
    }
    return names;
  }
}
