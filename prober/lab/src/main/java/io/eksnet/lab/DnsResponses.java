package io.eksnet.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
import org.xbill.DNS.Type;

/** Builds the responses to a DNS query under each fault. */
final class DnsResponses {
  private static final int MAX_UDP_BYTES = 512;
  private static final int EDNS_UDP_BYTES = 1232;
  private static final int MAX_CNAMES = 8;

  private final Message query;
  private final Zone zone;

  DnsResponses(Message query, Zone zone) {
    this.query = query;
    this.zone = zone;
  }

  /** The messages to send, in order. */
  List<byte[]> build(DnsFault fault, boolean tcp) {
    return switch (fault) {
      case DROP, REFUSE -> List.of();
      case TRUNCATE, TRUNCATE_TCP_REFUSED, TRUNCATE_TCP_DROPPED, TCP_RESET ->
          List.of(tcp ? wire(answer(), true) : wire(truncated(), false));
      case SERVFAIL -> List.of(wire(rcode(Rcode.SERVFAIL), tcp));
      case REFUSED -> List.of(wire(rcode(Rcode.REFUSED), tcp));
      case FORMERR -> List.of(wire(rcode(Rcode.FORMERR), tcp));
      case NXDOMAIN -> List.of(wire(negative(Rcode.NXDOMAIN), tcp));
      case NODATA -> List.of(wire(negative(Rcode.NOERROR), tcp));
      case WRONG_ANSWER -> List.of(wire(wrongAnswer(), tcp));
      case WRONG_ID -> List.of(wire(withOtherId(answer()), tcp));
      case WRONG_ID_FIRST -> List.of(wire(withOtherId(wrongAnswer()), tcp), wire(answer(), tcp));
      case WRONG_QUESTION -> List.of(wire(wrongQuestion(), tcp));
      case GARBAGE -> List.of(HexFormat.of().parseHex("c0ffee00deadbeef"));
      case COMPRESSION_LOOP -> List.of(compressionLoop());
      case NONE, DROP_FIRST, DELAY, WRONG_SOURCE -> List.of(wire(answer(), tcp));
    };
  }

  private Message answer() {
    var question = query.getQuestion();
    var name = question.getName();
    var answer = rcode(Rcode.NOERROR);
    for (int i = 0; i < MAX_CNAMES; i++) {
      var here = zone.at(name);
      var found = here.stream().filter(record -> matches(record, question.getType())).toList();
      found.forEach(record -> answer.addRecord(record, Section.ANSWER));
      var alias = found.isEmpty() ? alias(here) : null;
      if (alias == null) {
        return found.isEmpty() ? addAuthority(answer, name) : answer;
      }
      answer.addRecord(alias, Section.ANSWER);
      name = ((CNAMERecord) alias).getTarget();
    }
    return answer;
  }

  private static boolean matches(Record record, int type) {
    return type == Type.ANY || record.getType() == type;
  }

  private static @Nullable Record alias(List<Record> records) {
    return records.stream()
        .filter(record -> record.getType() == Type.CNAME)
        .findFirst()
        .orElse(null);
  }

  private Message addAuthority(Message answer, Name name) {
    answer.getHeader().setRcode(zone.has(name) ? Rcode.NOERROR : Rcode.NXDOMAIN);
    answer.addRecord(zone.authority(name), Section.AUTHORITY);
    return answer;
  }

  private Message truncated() {
    var answer = rcode(Rcode.NOERROR);
    answer.getHeader().setFlag(Flags.TC);
    return answer;
  }

  private Message negative(int rcode) {
    var answer = rcode(rcode);
    answer.addRecord(zone.authority(query.getQuestion().getName()), Section.AUTHORITY);
    return answer;
  }

  private Message wrongAnswer() {
    var question = query.getQuestion();
    var answer = rcode(Rcode.NOERROR);
    answer.addRecord(wrongRecord(question.getName(), question.getType()), Section.ANSWER);
    return answer;
  }

  private static Message withOtherId(Message answer) {
    answer.getHeader().setID(answer.getHeader().getID() ^ 0x5555);
    return answer;
  }

  private Message wrongQuestion() {
    var asked = query.getQuestion();
    var other = Name.fromConstantString("another-question.invalid.");
    var answer = emptyResponse();
    answer.addRecord(Record.newRecord(other, asked.getType(), asked.getDClass()), Section.QUESTION);
    answer.addRecord(wrongRecord(other, asked.getType()), Section.ANSWER);
    return answer;
  }

  /** A header and a question whose name is a pointer to the pointer itself, at offset 12. */
  private byte[] compressionLoop() {
    int id = query.getHeader().getID();
    var bytes =
        HexFormat.of().parseHex("000085800001000100000000" + "c00c00010001" + "c00c00010001");
    bytes[0] = (byte) (id >> 8);
    bytes[1] = (byte) id;
    return bytes;
  }

  private Message rcode(int rcode) {
    var answer = emptyResponse();
    answer.getHeader().setRcode(rcode);
    answer.addRecord(query.getQuestion(), Section.QUESTION);
    return answer;
  }

  private Message emptyResponse() {
    var answer = new Message(query.getHeader().getID());
    var header = answer.getHeader();
    header.setFlag(Flags.QR);
    header.setFlag(Flags.AA);
    header.setOpcode(Opcode.QUERY);
    if (query.getHeader().getFlag(Flags.RD)) {
      header.setFlag(Flags.RD);
      header.setFlag(Flags.RA);
    }
    if (query.getOPT() != null) {
      answer.addRecord(new OPTRecord(EDNS_UDP_BYTES, 0, 0), Section.ADDITIONAL);
    }
    return answer;
  }

  private byte[] wire(Message message, boolean tcp) {
    return message.toWire(tcp ? Message.MAXLENGTH : udpLimit());
  }

  private int udpLimit() {
    var opt = query.getOPT();
    return opt == null ? MAX_UDP_BYTES : Math.max(MAX_UDP_BYTES, opt.getPayloadSize());
  }

  private static Record wrongRecord(Name name, int type) {
    var text =
        switch (type) {
          case Type.A -> "192.0.2.1";
          case Type.AAAA -> "2001:db8::1";
          case Type.SRV -> "0 0 9 wrong.invalid.";
          case Type.MX -> "0 wrong.invalid.";
          case Type.CNAME, Type.NS, Type.PTR -> "wrong.invalid.";
          default -> "wrong";
        };
    int shown = text.equals("wrong") ? Type.TXT : type;
    try {
      return Record.fromString(name, shown, DClass.IN, 30, text, Name.root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
