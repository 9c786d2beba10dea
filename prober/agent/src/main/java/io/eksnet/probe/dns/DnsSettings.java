package io.eksnet.probe.dns;

import io.eksnet.config.ErrorText;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Family;
import io.eksnet.probe.net.DnsProto;
import io.eksnet.probe.net.DnsQuestion;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Type;

/** The settings of the {@code dns} kind: the query and the expected response. */
public record DnsSettings(
    @Setting(
            value =
                "The name to query; always absolute, a missing trailing dot is added. With type PTR"
                    + " it may be an address. {random} is replaced by random letters in each run, so that no"
                    + " cache has the name.",
            required = true,
            example = "kubernetes.default.svc.cluster.local.")
        String query,
    @Setting(
            value = "The record type to query: A, AAAA, SRV, PTR, TXT, CNAME, NS, MX, …",
            fallback = "A",
            example = "SRV")
        String type,
    @Setting(value = "Whether to query over UDP or over a new TCP connection.", fallback = "udp")
        DnsProto proto,
    @Setting(value = "Whether the server may query other servers (the RD bit).", fallback = "true")
        boolean recursionDesired,
    @Setting(
            value =
                "How often to send the query over UDP until a response arrives. A response to a later"
                    + " try is a success that is counted as retried, and its duration includes the lost"
                    + " tries.",
            fallback = "2",
            min = 1,
            max = 5)
        int tries,
    @Setting(
            value = "How long to wait for a response before a UDP query counts as lost.",
            fallback = "1s",
            min = 0.001,
            max = 60)
        Duration tryTimeout,
    @Setting(
            value =
                "Whether to repeat the query over TCP when the response over UDP was truncated (the"
                    + " TC bit).",
            fallback = "true")
        boolean tcpOnTruncation,
    @Setting(value = "Which address to use of a server that is given by name.", fallback = "any")
        Family family,
    @Setting(value = "The expected response.", fallback = "{}") DnsExpect expect) {
  static final int MAX_TRIES = 5;

  private static final String RANDOM = "{random}";
  private static final int RANDOM_LETTERS = 12;
  private static final Set<String> NOT_QUERYABLE =
      Set.of("OPT", "TSIG", "TKEY", "AXFR", "IXFR", "MAILA", "MAILB");

  public DnsSettings {
    type = type.toUpperCase(Locale.ROOT);
    Objects.requireNonNull(proto);
    Objects.requireNonNull(family);
    Objects.requireNonNull(expect);
    if (Type.value(type) < 0 || NOT_QUERYABLE.contains(type)) {
      throw new InvalidSettingException(
          "type",
          ErrorText.quote(type)
              + " is not a record type that can be queried; write one such as A, AAAA, SRV, PTR or"
              + " TXT");
    }
    if (tries < 1 || tries > MAX_TRIES) {
      throw new InvalidSettingException("tries", tries + " is out of range; use 1 to " + MAX_TRIES);
    }
    if (tryTimeout.isNegative() || tryTimeout.isZero()) {
      throw new InvalidSettingException(
          "try_timeout", tryTimeout + " is out of range; use more than 0s");
    }
    if (!type.equals("PTR") && AddressLiteral.parse(query).isPresent()) {
      throw new InvalidSettingException(
          "query", ErrorText.quote(query) + " is an address; set type: PTR or write a name");
    }
    var name = query.replace(RANDOM, "x".repeat(RANDOM_LETTERS));
    InvalidSettingException.check("query", () -> DnsQuestion.absolute(name));
  }

  /** A query for records of a type, everything else as by default. */
  public static DnsSettings of(String query, String type) {
    return new DnsSettings(
        query,
        type,
        DnsProto.UDP,
        true,
        2,
        Duration.ofSeconds(1),
        true,
        Family.ANY,
        DnsExpect.ANSWERS);
  }

  /** The same over TCP. */
  public DnsSettings overTcp() {
    return with(DnsProto.TCP, expect);
  }

  /** The same, but another answer is expected. */
  public DnsSettings expecting(DnsExpect other) {
    return with(proto, other);
  }

  /** The same, and the server must say that there is no such name. */
  public DnsSettings expectingNoSuchName() {
    return expecting(new DnsExpect("NXDOMAIN", List.of(), List.of(), 0));
  }

  private DnsSettings with(DnsProto carrier, DnsExpect expected) {
    return new DnsSettings(
        query,
        type,
        carrier,
        recursionDesired,
        tries,
        tryTimeout,
        tcpOnTruncation,
        family,
        expected);
  }

  /** The question of one run. */
  DnsQuestion question(RandomGenerator random) {
    return new DnsQuestion(name(random), Type.value(type), recursionDesired);
  }

  private Name name(RandomGenerator random) {
    var address = AddressLiteral.parse(query);
    if (address.isPresent()) {
      return ReverseMap.fromAddress(address.get());
    }
    return DnsQuestion.absolute(
        query.contains(RANDOM) ? query.replace(RANDOM, letters(random)) : query);
  }

  private static String letters(RandomGenerator random) {
    return random
        .ints(RANDOM_LETTERS, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
