package io.eksnet.probe.dns;

import io.eksnet.config.ConfigReader;
import io.eksnet.config.ErrorText;
import io.eksnet.config.Inline;
import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.config.SettingsBuilder;
import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Family;
import io.eksnet.probe.net.DnsProto;
import io.eksnet.probe.net.DnsQuestion;
import io.eksnet.probe.net.ProbeNetwork;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.xbill.DNS.Name;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.Type;

/** The settings of the {@code dns} kind: the query and the expected response. */
@SettingsBuilder
public record DnsSettings(
    @Setting(
            value =
                "The name to query, of targets without a name of their own (`10.0.0.10/api.example.com`);"
                    + " always absolute, a missing trailing dot is added. With type PTR it may be an"
                    + " address. {random} is replaced by random letters in each run, so that no cache has"
                    + " the name.",
            example = "kubernetes.default.svc.cluster.local.")
        Optional<String> query,
    @Setting(
            value =
                "The record type to query: A, AAAA, SRV, PTR, TXT, CNAME, NS, MX, … `A+AAAA` sends both"
                    + " queries at once from one UDP socket, as getaddrinfo of glibc does.",
            fallback = "A",
            example = "SRV")
        String type,
    @Setting(
            value = "The class of the query; `ch` asks for version.bind or id.server.",
            fallback = "in",
            example = "ch")
        DnsClass queryClass,
    @Setting(value = "Whether to query over UDP or over a new TCP connection.", fallback = "udp")
        DnsProto proto,
    @Setting(value = "Whether the server may query other servers (the RD bit).", fallback = "true")
        boolean recursionDesired,
    @Setting(
            value =
                "Whether to query with EDNS (RFC 6891); without it, responses over UDP have at most 512 bytes,"
                    + " as for libc. The probe repeats a query without EDNS if the server answers FORMERR,"
                    + " NOTIMP or BADVERS, and in the last of several tries.",
            fallback = "true")
        boolean edns,
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
    @Inline ProbeNetwork network,
    @Setting(value = "The expected response.", fallback = "{}") DnsExpect expect) {
  static final int MAX_TRIES = 5;

  /** Both queries of getaddrinfo(3). */
  private static final String PAIR = "A+AAAA";

  private static final String RANDOM = "{random}";
  private static final int RANDOM_LETTERS = 12;
  private static final Set<String> NOT_QUERYABLE =
      Set.of("OPT", "TSIG", "TKEY", "AXFR", "IXFR", "MAILA", "MAILB");

  /** A query for A records by UDP; the name comes from the target. */
  private static final DnsSettings DEFAULT = ConfigReader.defaults(DnsSettings.class);

  public DnsSettings {
    type = type.toUpperCase(Locale.ROOT);
    Objects.requireNonNull(queryClass);
    Objects.requireNonNull(proto);
    Objects.requireNonNull(family);
    Objects.requireNonNull(expect);
    if (!type.equals(PAIR) && (Type.value(type) < 0 || NOT_QUERYABLE.contains(type))) {
      throw new InvalidSettingException(
          "type",
          ErrorText.quote(type)
              + " is not a record type that can be queried; write one such as A, AAAA, SRV, PTR or"
              + " TXT, or A+AAAA");
    }
    if (type.equals(PAIR) && proto == DnsProto.TCP) {
      throw new InvalidSettingException("type", "A+AAAA needs proto: udp, as libc sends it");
    }
    if (tries < 1 || tries > MAX_TRIES) {
      throw new InvalidSettingException("tries", tries + " is out of range; use 1 to " + MAX_TRIES);
    }
    if (tryTimeout.isNegative() || tryTimeout.isZero()) {
      throw new InvalidSettingException(
          "try_timeout", tryTimeout + " is out of range; use more than 0s");
    }
    network.requireFamily(family);
    var queried = type;
    query.ifPresent(name -> InvalidSettingException.check("query", () -> checkName(name, queried)));
  }

  /**
   * Checks a name to query.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy
   */
  static void checkName(String name, String type) {
    if (name.chars().anyMatch(letter -> letter <= ' ')) {
      throw new IllegalArgumentException(
          ErrorText.quote(name) + " has blanks or control characters; remove them");
    }
    if (!type.equals("PTR") && AddressLiteral.parse(name).isPresent()) {
      throw new IllegalArgumentException(
          ErrorText.quote(name) + " is an address; set type: PTR or write a name");
    }
    DnsQuestion.absolute(name.replace(RANDOM, "x".repeat(RANDOM_LETTERS)));
  }

  /** A query for records of a type, everything else as by default. */
  public static DnsSettings of(String query, String type) {
    return DnsSettingsBuilder.builder(DEFAULT).query(query).type(type).build();
  }

  /** The same over TCP. */
  public DnsSettings overTcp() {
    return DnsSettingsBuilder.builder(this).proto(DnsProto.TCP).build();
  }

  /** The same, but another answer is expected. */
  public DnsSettings expecting(DnsExpect other) {
    return DnsSettingsBuilder.builder(this).expect(other).build();
  }

  /** The same, and the server must say that there is no such name. */
  public DnsSettings expectingNoSuchName() {
    return expecting(DnsExpect.of("NXDOMAIN", 0));
  }

  /**
   * The questions of one run, one or, with A+AAAA, two.
   *
   * @param ofTarget the name that the target brings; empty: none
   */
  List<DnsQuestion> questions(String ofTarget, RandomGenerator random) {
    var name = name(ofTarget.isEmpty() ? query.orElseThrow() : ofTarget, random);
    return Stream.of(type.split("\\+"))
        .map(
            one ->
                new DnsQuestion(
                    name,
                    Type.value(one),
                    queryClass.code(),
                    recursionDesired,
                    expect.flags().contains(DnsFlag.AD),
                    edns))
        .toList();
  }

  private static Name name(String text, RandomGenerator random) {
    var address = AddressLiteral.parse(text);
    if (address.isPresent()) {
      return ReverseMap.fromAddress(address.get());
    }
    return DnsQuestion.absolute(
        text.contains(RANDOM) ? text.replace(RANDOM, letters(random)) : text);
  }

  private static String letters(RandomGenerator random) {
    return random
        .ints(RANDOM_LETTERS, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
