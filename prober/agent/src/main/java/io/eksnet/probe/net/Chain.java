package io.eksnet.probe.net;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The certificates that a peer presented, its own first, as they speak for themselves. */
record Chain(List<X509Certificate> certificates, List<String> dnsNames, List<byte[]> addresses) {
  /** RFC 5280 section 4.2.1.6. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;
  private static final int FEW = 5;

  static Chain of(List<X509Certificate> certificates) {
    var leaf = certificates.get(0);
    return new Chain(
        List.copyOf(certificates),
        names(leaf, DNS_NAME).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(),
        names(leaf, IP_ADDRESS).stream().map(NetUtil::createByteArrayFromIpAddressString).toList());
  }

  X509Certificate leaf() {
    return certificates.get(0);
  }

  /** The first end of validity among them. */
  Instant firstEnd() {
    return certificates.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Whether the peer's own certificate is valid at {@code now}. */
  boolean isInTime(Instant now) {
    return isInTime(leaf(), now);
  }

  static boolean isInTime(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  /**
   * Whether the peer's certificate is for {@code name}, a name or an address literal (RFC 9525
   * section 6): only subject alternative names count, and a wildcard stands for one whole left-most
   * label.
   */
  boolean isFor(String name) {
    var literal = Literals.parse(name).map(InetAddress::getAddress);
    if (literal.isPresent()) {
      return addresses.stream().anyMatch(address -> Arrays.equals(address, literal.get()));
    }
    var wanted = name.toLowerCase(Locale.ROOT);
    return dnsNames.stream().anyMatch(presented -> matches(presented, wanted));
  }

  /** The names it is for, for people; at most a few. */
  String names() {
    var all =
        Stream.concat(dnsNames.stream(), addresses.stream().map(NetUtil::bytesToIpAddress))
            .toList();
    if (all.isEmpty()) {
      return "no name";
    }
    var few = String.join(", ", all.subList(0, Math.min(FEW, all.size())));
    return all.size() > FEW ? few + " and " + (all.size() - FEW) + " more" : few;
  }

  private static boolean matches(String presented, String wanted) {
    if (!presented.startsWith("*.")) {
      return presented.equals(wanted);
    }
    var dot = wanted.indexOf('.');
    return dot > 0 && presented.substring(1).equals(wanted.substring(dot));
  }

  private static List<String> names(X509Certificate leaf, int type) {
    try {
      Collection<List<?>> all = leaf.getSubjectAlternativeNames();
      return all == null
          ? List.of()
          : all.stream()
              .filter(entry -> entry.get(0).equals(type) && entry.get(1) instanceof String)
              .map(entry -> (String) entry.get(1))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
