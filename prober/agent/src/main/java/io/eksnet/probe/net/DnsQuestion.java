package io.eksnet.probe.net;

import java.net.IDN;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
 * The question of a query (RFC 1035 section 4.1.2).
 *
 * @param name absolute
 * @param type as in {@link Type}
 * @param dclass as in {@link DClass}
 * @param recursionDesired the RD bit
 * @param authenticData the AD bit, which asks for it in the response (RFC 6840 section 5.7)
 * @param edns whether an OPT record is added (RFC 6891)
 */
public record DnsQuestion(
    Name name,
    int type,
    int dclass,
    boolean recursionDesired,
    boolean authenticData,
    boolean edns) {
  /** Fits every path unfragmented (dnsflagday.net/2020). */
  private static final int EDNS_BUFFER = 1232;

  /** Longer than the chains that resolvers follow. */
  private static final int MAX_ALIASES = 16;

  public DnsQuestion {
    Objects.requireNonNull(name);
    if (!name.isAbsolute()) {
      throw new IllegalArgumentException("the name to query must be absolute, not " + name);
    }
  }

  /** A question of the class IN, with EDNS. */
  public DnsQuestion(Name name, int type, boolean recursionDesired) {
    this(name, type, DClass.IN, recursionDesired, false, true);
  }

  /** The same without an OPT record. */
  public DnsQuestion withoutEdns() {
    return new DnsQuestion(name, type, dclass, recursionDesired, authenticData, false);
  }

  /**
   * The name of {@code text}; the trailing dot may be missing.
   *
   * @throws IllegalArgumentException if it is not a name
   */
  public static Name absolute(String text) {
    try {
      return Name.fromString(ascii(text), Name.root);
    } catch (TextParseException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a domain name: " + e.getMessage(), e);
    }
  }

  /** Labels with letters beyond ASCII in the form of RFC 5891, as in the hosts of targets. */
  private static String ascii(String text) {
    if (text.chars().allMatch(letter -> letter < 0x80)) {
      return text;
    }
    return IDN.toASCII(text).toLowerCase(Locale.ROOT);
  }

  /** The query in wire format. */
  byte[] toWire(int id) {
    var query = new Message(id);
    if (recursionDesired) {
      query.getHeader().setFlag(Flags.RD);
    }
    if (authenticData) {
      query.getHeader().setFlag(Flags.AD);
    }
    query.addRecord(Record.newRecord(name, type, dclass), Section.QUESTION);
    if (edns) {
      query.addRecord(new OPTRecord(EDNS_BUFFER, 0, 0), Section.ADDITIONAL);
    }
    return query.toWire();
  }

  /** Why a message is no response to this question; empty when it is one. */
  Optional<String> mismatch(Message message) {
    var header = message.getHeader();
    if (!header.getFlag(Flags.QR) || header.getOpcode() != Opcode.QUERY) {
      return Optional.of("a message that is not a response");
    }
    var questions = message.getSection(Section.QUESTION);
    if (questions.isEmpty() && message.getRcode() != Rcode.NOERROR) {
      return Optional.empty(); // a server that could not read the query repeats no question
    }
    var same =
        questions.size() == 1
            && questions.get(0).getName().equals(name)
            && questions.get(0).getType() == type
            && questions.get(0).getDClass() == dclass;
    return same ? Optional.empty() : Optional.of("a response to another question");
  }

  /** The records of the queried type whose owner is the name or one that it is an alias of. */
  public List<Record> answersIn(Message message) {
    var records = message.getSection(Section.ANSWER);
    var names = type == Type.ANY || type == Type.CNAME ? Set.of(name) : aliases(records);
    return records.stream()
        .filter(this::isOfType)
        .filter(r -> names.contains(r.getName()))
        .toList();
  }

  /** Whether the answer section has records of the queried type, of whatever owner. */
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
    for (var hop = 0; grew && hop < MAX_ALIASES; hop++) {
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
