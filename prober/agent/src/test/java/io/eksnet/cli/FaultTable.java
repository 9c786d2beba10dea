package io.eksnet.cli;

import static io.eksnet.model.Cause.*;
import static io.eksnet.model.Phase.*;

import io.eksnet.lab.DnsFault;
import io.eksnet.lab.LabServer;
import io.eksnet.lab.TcpFault;
import io.eksnet.lab.Unreachable;
import io.eksnet.lab.WebFault;
import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The faults of the lab, the probes that meet them, and what each must be called. A reset at accept
 * is not among them: it may come before the prober has seen its connection stand, or after.
 */
final class FaultTable {
  private static final String SHORT_TIMEOUT = "timeout: 600ms";
  private static final String EXPECT_BLOCKED = "negative: true";
  private static final String TRUST_CA = "tls: {ca_file: " + Probed.CA + "}";
  private static final String HTTP2 = "version: http2";
  private static final String EXPECT_BANNER = "expect: ['^hello']";
  private static final String PING_PONG = "send: 'PING', expect: ['PONG']";

  private static final String UNROUTABLE = Unreachable.IPV4 + ":5353";
  private static final String UNROUTABLE_IP6 = "[" + Unreachable.IPV6 + "]:5353";

  /** How each kind writes a target by name; no name server gives it an address. */
  private static final Map<String, String> BY_NAME =
      Map.of(
          "dns", "far.lab.test:5353",
          "grpc", "far.lab.test:50051",
          "http", "http://far.lab.test:8080/",
          "tcp", "far.lab.test:5432",
          "tls", "far.lab.test:8443");

  private FaultTable() {}

  static List<Row> rows() {
    return Stream.of(dns(), grpc(), grpcs(), http(), https(), tcp(), tls(), overIp6(), names())
        .flatMap(rows -> rows)
        .toList();
  }

  private static Stream<Row> dns() {
    return Stream.of(
        dns(DnsFault.REFUSE, "", CONN_REFUSED, PROCESSING),
        dns(DnsFault.REFUSE, "proto: tcp", CONN_REFUSED, CONNECT),
        dns(DnsFault.DROP, SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        dns(DnsFault.DROP, "proto: tcp, " + SHORT_TIMEOUT, TIMEOUT, CONNECT),
        dns(DnsFault.DELAY, SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        dns(DnsFault.WRONG_SOURCE, SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        unroutable("dns", UNROUTABLE, asking(""), PROCESSING),
        unroutable("dns", UNROUTABLE, asking("proto: tcp"), CONNECT),
        dns(DnsFault.TCP_RESET, "proto: tcp", RESET, PROCESSING),
        dns(DnsFault.NXDOMAIN, "", NXDOMAIN, PROCESSING),
        dns(DnsFault.NXDOMAIN, "proto: tcp", NXDOMAIN, PROCESSING),
        dns(DnsFault.SERVFAIL, "", SERVFAIL, PROCESSING),
        dns(DnsFault.REFUSED, "", REFUSED_RCODE, PROCESSING),
        dns(DnsFault.NODATA, "", NODATA, PROCESSING),
        dns(DnsFault.TRUNCATE_TCP_REFUSED, "", TRUNCATED, CONNECT),
        dns(DnsFault.TRUNCATE_TCP_DROPPED, SHORT_TIMEOUT, TRUNCATED, CONNECT),
        dns(DnsFault.TCP_RESET, "", TRUNCATED, PROCESSING),
        dns(DnsFault.TRUNCATE, "tcp_on_truncation: false", TRUNCATED, PROCESSING),
        dns(DnsFault.FORMERR, "", WRONG_ANSWER, PROCESSING),
        dns(DnsFault.WRONG_ANSWER, "expect: {only: ['^127']}", WRONG_ANSWER, PROCESSING),
        dns(DnsFault.WRONG_ID, SHORT_TIMEOUT, WRONG_ANSWER, PROCESSING),
        dns(DnsFault.WRONG_QUESTION, SHORT_TIMEOUT, WRONG_ANSWER, PROCESSING),
        dns(DnsFault.GARBAGE, SHORT_TIMEOUT, WRONG_ANSWER, PROCESSING),
        dns(DnsFault.COMPRESSION_LOOP, "", WRONG_ANSWER, PROCESSING),
        dns(DnsFault.NONE, EXPECT_BLOCKED, WRONG_ANSWER, PROCESSING));
  }

  private static Stream<Row> grpc() {
    return Stream.of(
        grpc(WebFault.REFUSE, "", CONN_REFUSED, CONNECT),
        grpc(WebFault.DROP, SHORT_TIMEOUT, TIMEOUT, CONNECT),
        unroutable("grpc", UNROUTABLE, "", CONNECT),
        grpc(WebFault.ACCEPT_CLOSE, "", RESET, PROCESSING),
        grpc(WebFault.ACCEPT_STALL, SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        grpc(WebFault.NOT_FOUND, "", HTTP_STATUS, PROCESSING),
        grpc(WebFault.UNAVAILABLE, "", HTTP_STATUS, PROCESSING),
        grpc(WebFault.WRONG_BODY, "", HTTP_PROTOCOL, PROCESSING),
        grpc(WebFault.STALL, SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        grpc(WebFault.CLOSE, "", RESET, PROCESSING),
        grpc(WebFault.RESET, "", RESET, PROCESSING),
        grpc(WebFault.HUGE_HEADERS, "", TOO_LARGE, PROCESSING),
        grpc(WebFault.GRPC_UNAVAILABLE, "", GRPC_STATUS, TRANSFER),
        grpc(WebFault.GRPC_NOT_SERVING, "", GRPC_NOT_SERVING, TRANSFER),
        grpc(WebFault.NONE, EXPECT_BLOCKED, WRONG_ANSWER, PROCESSING));
  }

  private static Stream<Row> grpcs() {
    return Stream.of(
        grpcs(WebFault.TLS_UNTRUSTED, TRUST_CA, TLS_UNTRUSTED, TLS),
        grpcs(WebFault.TLS_EXPIRED, TRUST_CA, TLS_EXPIRED, TLS),
        grpcs(WebFault.TLS_WRONG_NAME, TRUST_CA, TLS_NAME, TLS),
        grpcs(WebFault.TLS_GARBAGE, TRUST_CA, TLS_HANDSHAKE, TLS),
        grpcs(WebFault.TLS_CLIENT_CERTIFICATE, TRUST_CA, TLS_CLIENT_CERTIFICATE, TLS),
        grpcs(WebFault.GRPC_NOT_SERVING, TRUST_CA, GRPC_NOT_SERVING, TRANSFER));
  }

  private static Stream<Row> http() {
    return Stream.of(
        http(WebFault.REFUSE, "", CONN_REFUSED, CONNECT),
        http(WebFault.DROP, SHORT_TIMEOUT, TIMEOUT, CONNECT),
        unroutable("http", "http://" + UNROUTABLE, "", CONNECT),
        http(WebFault.ACCEPT_CLOSE, "", RESET, PROCESSING),
        http(WebFault.ACCEPT_STALL, SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        http(WebFault.NOT_FOUND, "", HTTP_STATUS, PROCESSING),
        http(WebFault.ERROR, "", HTTP_STATUS, PROCESSING),
        http(WebFault.UNAVAILABLE, HTTP2, HTTP_STATUS, PROCESSING),
        http(WebFault.DELAY, SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        http(WebFault.WRONG_BODY, "expect: {body: ['^ok']}", HTTP_BODY, TRANSFER),
        http(WebFault.NONE, "expect: {body_absent: ['ok']}", HTTP_BODY, TRANSFER),
        http(WebFault.NONE, "expect: {headers: {x-shop: open}}", HTTP_BODY, PROCESSING),
        http(WebFault.STALL, SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        http(WebFault.STALL_BODY, SHORT_TIMEOUT, TIMEOUT, TRANSFER),
        http(WebFault.DRIP, SHORT_TIMEOUT, TIMEOUT, TRANSFER),
        http(WebFault.ENDLESS, "max_body: 100000", TOO_LARGE, TRANSFER),
        http(WebFault.ENDLESS, "max_body: 100000, " + HTTP2, TOO_LARGE, TRANSFER),
        http(WebFault.TRUNCATED, "", RESET, TRANSFER),
        http(WebFault.CLOSE, "", RESET, PROCESSING),
        http(WebFault.RESET, "", RESET, PROCESSING),
        http(WebFault.RESET, HTTP2, RESET, PROCESSING),
        http(WebFault.RESET_BODY, "", RESET, TRANSFER),
        http(WebFault.GARBAGE, "", HTTP_PROTOCOL, PROCESSING),
        http(WebFault.BAD_CHUNK, "", HTTP_PROTOCOL, TRANSFER),
        http(WebFault.HUGE_HEADERS, "", TOO_LARGE, PROCESSING),
        http(WebFault.HUGE_HEADERS, HTTP2, TOO_LARGE, PROCESSING),
        http(WebFault.REDIRECT_LOOP, "", REDIRECT_LIMIT, PROCESSING),
        http(WebFault.ENDLESS, SHORT_TIMEOUT, TIMEOUT, TRANSFER),
        http(WebFault.GRPC_UNAVAILABLE, HTTP2, GRPC_STATUS, TRANSFER),
        http(WebFault.NONE, "proxy_url: 'http://127.0.0.1:9'", PROXY_FAILED, CONNECT),
        http(
            WebFault.NONE,
            "oauth2: {client_id: lab, client_secret_file: "
                + Probed.CA
                + ", token_url: 'http://127.0.0.1:9/token'}",
            TOKEN_FAILED,
            PROCESSING),
        http(WebFault.NONE, EXPECT_BLOCKED, WRONG_ANSWER, PROCESSING));
  }

  private static Stream<Row> https() {
    return Stream.of(
        https(WebFault.TLS_UNTRUSTED, TRUST_CA, TLS_UNTRUSTED, TLS),
        https(WebFault.TLS_SELF_SIGNED, TRUST_CA, TLS_UNTRUSTED, TLS),
        https(WebFault.TLS_MISSING_INTERMEDIATE, TRUST_CA, TLS_UNTRUSTED, TLS),
        https(WebFault.NONE, "", TLS_UNTRUSTED, TLS),
        https(WebFault.TLS_EXPIRED, TRUST_CA, TLS_EXPIRED, TLS),
        https(WebFault.TLS_NOT_YET_VALID, TRUST_CA, TLS_EXPIRED, TLS),
        https(WebFault.TLS_WRONG_NAME, TRUST_CA, TLS_NAME, TLS),
        https(WebFault.TLS_CLIENT_CERTIFICATE, TRUST_CA, TLS_CLIENT_CERTIFICATE, TLS),
        https(WebFault.TLS_1_2_ONLY, "tls: {min_version: tls1_3}", TLS_HANDSHAKE, TLS),
        https(WebFault.TLS_GARBAGE, TRUST_CA, TLS_HANDSHAKE, TLS),
        https(WebFault.TLS_STALL, TRUST_CA + ", " + SHORT_TIMEOUT, TIMEOUT, TLS),
        https(WebFault.TLS_RESET, TRUST_CA, RESET, TLS),
        https(WebFault.REFUSE, TRUST_CA, CONN_REFUSED, CONNECT),
        https(WebFault.ERROR, TRUST_CA, HTTP_STATUS, PROCESSING),
        https(WebFault.RESET, TRUST_CA, RESET, PROCESSING));
  }

  private static Stream<Row> tcp() {
    return Stream.of(
        tcp(TcpFault.REFUSE, "", CONN_REFUSED, CONNECT),
        tcp(TcpFault.DROP, SHORT_TIMEOUT, TIMEOUT, CONNECT),
        unroutable("tcp", UNROUTABLE, "", CONNECT),
        tcp(TcpFault.RESET_ON_DATA, PING_PONG, RESET, PROCESSING),
        tcp(TcpFault.CLOSE, EXPECT_BANNER, RESET, PROCESSING),
        tcp(TcpFault.STALL, EXPECT_BANNER + ", " + SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        tcp(TcpFault.DELAY, EXPECT_BANNER + ", " + SHORT_TIMEOUT, TIMEOUT, PROCESSING),
        tcp(TcpFault.GARBAGE, EXPECT_BANNER + ", " + SHORT_TIMEOUT, WRONG_ANSWER, PROCESSING),
        tcp(TcpFault.ENDLESS, EXPECT_BANNER + ", max_bytes: 1000", TOO_LARGE, PROCESSING),
        tcpOverTls(WebFault.TLS_UNTRUSTED, TLS_UNTRUSTED),
        tcpOverTls(WebFault.TLS_EXPIRED, TLS_EXPIRED),
        tcpOverTls(WebFault.TLS_WRONG_NAME, TLS_NAME),
        tcpOverTls(WebFault.TLS_GARBAGE, TLS_HANDSHAKE),
        tcpOverTls(WebFault.TLS_CLIENT_CERTIFICATE, TLS_CLIENT_CERTIFICATE),
        tcp(TcpFault.NONE, EXPECT_BLOCKED, WRONG_ANSWER, PROCESSING));
  }

  private static Stream<Row> tls() {
    var trusting = "ca_file: " + Probed.CA;
    return Stream.of(
        tls(WebFault.REFUSE, "", CONN_REFUSED, CONNECT),
        tls(WebFault.DROP, SHORT_TIMEOUT, TIMEOUT, CONNECT),
        unroutable("tls", UNROUTABLE, "", CONNECT),
        tls(WebFault.ACCEPT_CLOSE, trusting, RESET, TLS),
        tls(WebFault.ACCEPT_STALL, trusting + ", " + SHORT_TIMEOUT, TIMEOUT, TLS),
        tls(WebFault.TLS_UNTRUSTED, trusting, TLS_UNTRUSTED, TLS),
        tls(WebFault.TLS_SELF_SIGNED, trusting, TLS_UNTRUSTED, TLS),
        tls(WebFault.TLS_MISSING_INTERMEDIATE, trusting, TLS_UNTRUSTED, TLS),
        tls(WebFault.NONE, "", TLS_UNTRUSTED, TLS),
        tls(WebFault.TLS_EXPIRED, trusting, TLS_EXPIRED, TLS),
        tls(WebFault.TLS_NOT_YET_VALID, trusting, TLS_EXPIRED, TLS),
        tls(WebFault.NONE, trusting + ", min_valid_for: 1440h", TLS_EXPIRED, TLS),
        tls(WebFault.TLS_WRONG_NAME, trusting, TLS_NAME, TLS),
        tls(WebFault.NONE, trusting + ", server_name: bank.lab.test", TLS_NAME, TLS),
        tls(WebFault.TLS_CLIENT_CERTIFICATE, trusting, TLS_CLIENT_CERTIFICATE, TLS),
        tls(WebFault.TLS_1_2_ONLY, trusting + ", min_version: tls1_3", TLS_HANDSHAKE, TLS),
        tls(WebFault.TLS_GARBAGE, trusting, TLS_HANDSHAKE, TLS),
        tls(WebFault.TLS_STALL, trusting + ", " + SHORT_TIMEOUT, TIMEOUT, TLS),
        tls(WebFault.TLS_RESET, trusting, RESET, TLS),
        startTls(TcpFault.ENDLESS, TOO_LARGE),
        tls(WebFault.NONE, trusting + ", " + EXPECT_BLOCKED, WRONG_ANSWER, PROCESSING));
  }

  /** Where the machine has no IPv6 there is nothing to see. */
  private static Stream<Row> overIp6() {
    return Site.hasIp6()
        ? Stream.of(
            unroutable("dns", UNROUTABLE_IP6, asking("proto: tcp"), CONNECT),
            unroutable("http", "http://" + UNROUTABLE_IP6, "", CONNECT),
            unroutable("tcp", UNROUTABLE_IP6, "", CONNECT),
            unroutable("tls", UNROUTABLE_IP6, "", CONNECT),
            refused("dns", site -> ip6(site.dns(DnsFault.REFUSE)), asking(""), PROCESSING),
            refused("http", site -> site.http(WebFault.REFUSE).url("::1", "/ok"), "", CONNECT),
            refused("tcp", site -> ip6(site.tcp(TcpFault.REFUSE)), "", CONNECT),
            refused("tls", site -> ip6(site.https(WebFault.REFUSE)), "", CONNECT))
        : Stream.of();
  }

  /** Every kind looks names up, and must report that the name failed. */
  private static Stream<Row> names() {
    return Arrays.stream(Names.values())
        .filter(names -> names != Names.UNASKED)
        .flatMap(
            names ->
                BY_NAME.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(of -> byName(of.getKey(), of.getValue(), names)));
  }

  private static Row byName(String kind, String target, Names names) {
    var most = names == Names.SILENT ? SHORT_TIMEOUT : "";
    var settings = kind.equals("dns") ? asking(most) : most;
    var probe = new Probed(kind + "-by-name", kind, site -> target, settings);
    return new Row(probe, names, names.cause(), RESOLVE);
  }

  private static Row dns(DnsFault fault, String settings, Cause cause, Phase phase) {
    var probe =
        Probed.of(
            "dns", fault.label(), site -> "127.0.0.1:" + site.dns(fault).port(), asking(settings));
    return new Row(probe, Names.UNASKED, cause, phase);
  }

  private static Row grpc(WebFault fault, String settings, Cause cause, Phase phase) {
    var probe =
        Probed.of("grpc", fault.label(), site -> "127.0.0.1:" + site.http(fault).port(), settings);
    return new Row(probe, Names.UNASKED, cause, phase);
  }

  private static Row grpcs(WebFault fault, String settings, Cause cause, Phase phase) {
    var probe =
        Probed.of(
            "grpc",
            "s " + fault.label(),
            site -> "grpcs://127.0.0.1:" + site.https(fault).port(),
            settings);
    return new Row(probe, Names.UNASKED, cause, phase);
  }

  private static Row http(WebFault fault, String settings, Cause cause, Phase phase) {
    var probe = Probed.of("http", fault.label(), site -> site.http(fault).url("/ok"), settings);
    return new Row(probe, Names.UNASKED, cause, phase);
  }

  private static Row https(WebFault fault, String settings, Cause cause, Phase phase) {
    var probe =
        Probed.of("http", "s " + fault.label(), site -> site.https(fault).url("/ok"), settings);
    return new Row(probe, Names.UNASKED, cause, phase);
  }

  private static Row tcp(TcpFault fault, String settings, Cause cause, Phase phase) {
    var probe =
        Probed.of("tcp", fault.label(), site -> "127.0.0.1:" + site.tcp(fault).port(), settings);
    return new Row(probe, Names.UNASKED, cause, phase);
  }

  private static Row tcpOverTls(WebFault fault, Cause cause) {
    var probe =
        Probed.of(
            "tcp", "s " + fault.label(), site -> "127.0.0.1:" + site.https(fault).port(), TRUST_CA);
    return new Row(probe, Names.UNASKED, cause, TLS);
  }

  private static Row tls(WebFault fault, String settings, Cause cause, Phase phase) {
    var probe =
        Probed.of("tls", fault.label(), site -> "127.0.0.1:" + site.https(fault).port(), settings);
    return new Row(probe, Names.UNASKED, cause, phase);
  }

  private static Row startTls(TcpFault fault, Cause cause) {
    var probe =
        Probed.of(
            "tls",
            "starttls " + fault.label(),
            site -> "127.0.0.1:" + site.tcp(fault).port(),
            "starttls: smtp");
    return new Row(probe, Names.UNASKED, cause, PROCESSING);
  }

  private static Row unroutable(String kind, String target, String settings, Phase phase) {
    var probe = Probed.of(kind, "unroutable " + target, site -> target, settings);
    return new Row(probe, Names.UNASKED, UNREACHABLE, phase);
  }

  private static Row refused(String kind, Probed.Spot spot, String settings, Phase phase) {
    return new Row(
        Probed.of(kind, "refused ip6", spot, settings), Names.UNASKED, CONN_REFUSED, phase);
  }

  private static String ip6(LabServer<?> service) {
    return "[::1]:" + service.port();
  }

  private static String asking(String settings) {
    return "query: shop.lab.test." + (settings.isEmpty() ? "" : ", " + settings);
  }
}
