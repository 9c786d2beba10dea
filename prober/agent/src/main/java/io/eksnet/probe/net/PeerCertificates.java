package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The certificates that a peer presented, its own first, with the names of its own. */
record PeerCertificates(
    List<X509Certificate> certificates, List<String> dnsNames, List<byte[]> addresses) {
  /** RFC 5280 section 4.2.1.6. */
  private static final int DNS_NAME = 2;

  private static final int IP_ADDRESS = 7;
  private static final int MAX_SHOWN_NAMES = 5;

  /** The maximum length of a domain name (RFC 1035 section 2.3.4). */
  private static final int MAX_NAME_LENGTH = 253;

  /** Certificates of the JDK from their DER; path building does not accept those of BoringSSL. */
  static PeerCertificates parse(List<byte[]> presented) throws CertificateException {
    if (presented.isEmpty()) {
      throw new CertificateException("no certificate was presented");
    }
    var factory = CertificateFactory.getInstance("X.509");
    var certificates = new ArrayList<X509Certificate>();
    for (var der : presented) {
      certificates.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
    }
    return of(certificates);
  }

  static PeerCertificates of(List<X509Certificate> certificates) {
    var leaf = certificates.get(0);
    return new PeerCertificates(
        List.copyOf(certificates),
        names(leaf, DNS_NAME).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(),
        names(leaf, IP_ADDRESS).stream().map(NetUtil::createByteArrayFromIpAddressString).toList());
  }

  X509Certificate leaf() {
    return certificates.get(0);
  }

  /** When the first of them expires. */
  Instant firstExpiry() {
    return certificates.stream()
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Whether the peer's own certificate is valid at {@code now}. */
  boolean isValidAt(Instant now) {
    return isValidAt(leaf(), now);
  }

  static boolean isValidAt(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }

  /**
   * Whether the peer's certificate is for {@code name}, a name or an address literal (RFC 9525
   * section 6): only subject alternative names count, and a wildcard stands for one whole left-most
   * label.
   */
  boolean matches(String name) {
    var literal = AddressLiteral.parse(name).map(InetAddress::getAddress);
    if (literal.isPresent()) {
      return addresses.stream().anyMatch(address -> Arrays.equals(address, literal.get()));
    }
    var wanted = name.toLowerCase(Locale.ROOT);
    return dnsNames.stream().anyMatch(presented -> matches(presented, wanted));
  }

  /** The names for error texts, the first few of many. */
  String describeNames() {
    var all =
        Stream.concat(dnsNames.stream(), addresses.stream().map(PeerCertificates::addressText))
            .toList();
    if (all.isEmpty()) {
      return "no name";
    }
    var shown =
        all.stream()
            .limit(MAX_SHOWN_NAMES)
            .map(PeerCertificates::shortened)
            .collect(Collectors.joining(", "));
    return all.size() > MAX_SHOWN_NAMES
        ? shown + " and " + (all.size() - MAX_SHOWN_NAMES) + " more"
        : shown;
  }

  /** A name of a certificate for texts; its peer chose its length. */
  static String shortened(String name) {
    return name.length() > MAX_NAME_LENGTH ? name.substring(0, MAX_NAME_LENGTH) + "…" : name;
  }

  private static String addressText(byte[] address) {
    try {
      return AddressLiteral.text(InetAddress.getByAddress(address));
    } catch (UnknownHostException e) {
      return "an address of " + address.length + " bytes";
    }
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
