package io.eksnet.cli;

import static io.eksnet.lab.WebFault.NONE;

import io.eksnet.lab.DnsFault;
import io.eksnet.lab.TcpFault;
import io.eksnet.lab.WebFault;
import java.util.List;
import java.util.stream.Stream;

/** The tables: what both probers run, and what each must report; a row a case. */
record AgreementCases(Places places) {
  /** Where eksnet and blackbox_exporter come to the same verdict. */
  List<Case> same() {
    return Stream.of(http(), redirects(), https(), grpc(), tls(), tcp(), dns())
        .flatMap(List::stream)
        .toList();
  }

  /** Where they differ, and why that is meant. */
  record Difference(String why, Case both) {
    @Override
    public String toString() {
      return both + ", because " + why;
    }
  }

  /** Good services that answer after {@link Places#DELAY}. */
  List<Case> slow() {
    return List.of(
        web("slow http", "/delay/200"),
        secure("slow https", NONE, "/delay/200"),
        port("slow banner", TcpFault.DELAY)
            .ask("expect: ['^220 ']")
            .module("query_response: [{expect: '^220 '}]"),
        names("slow name server", DnsFault.DELAY));
  }

  private List<Case> http() {
    var refused = places.http(WebFault.REFUSE, "/ok");
    return List.of(
        web("200 is a success", "/ok"),
        web("204 without a body is a success", "/status/204"),
        web("404 is a failure", "/status/404").fails("http_status", "Invalid HTTP response status"),
        web("404 can be expected", "/status/404")
            .ask("expect: {status: ['404']}")
            .module("valid_status_codes: [404]"),
        web("200 where 404 is expected is a failure", "/ok")
            .ask("expect: {status: ['404']}")
            .module("valid_status_codes: [404]")
            .fails("http_status", "Invalid HTTP response status"),
        web("500 is a failure", "/status/500").fails("http_status", "Invalid HTTP response status"),
        web("the body matches", "/body/all-is-well")
            .ask("expect: {body: ['is-w.ll$']}")
            .module("fail_if_body_not_matches_regexp: ['is-w.ll$']"),
        web("the body does not match", "/body/all-is-lost")
            .ask("expect: {body: ['is-w.ll$']}")
            .module("fail_if_body_not_matches_regexp: ['is-w.ll$']")
            .fails("http_body", "Body did not match regular expression"),
        web("the body has what it may not", "/body/error-17")
            .ask("expect: {body_absent: ['error-\\d']}")
            .module("fail_if_body_matches_regexp: ['error-\\d']")
            .fails("http_body", "Body matched regular expression"),
        web("a header matches", "/headers?x-zone=az1")
            .ask("expect: {headers: {x-zone: '^az\\d$'}}")
            .module("fail_if_header_not_matches: [{header: x-zone, regexp: '^az\\d$'}]"),
        web("a header does not match", "/headers?x-zone=nowhere")
            .ask("expect: {headers: {x-zone: '^az\\d$'}}")
            .module("fail_if_header_not_matches: [{header: x-zone, regexp: '^az\\d$'}]")
            .fails("http_body", "Header did not match regular expression"),
        web("a header is missing", "/ok")
            .ask("expect: {headers: {x-zone: '^az\\d$'}}")
            .module("fail_if_header_not_matches: [{header: x-zone, regexp: '^az\\d$'}]")
            .fails("http_body", "Missing required header"),
        web("999 can be expected", "/status/999")
            .ask("expect: {status: ['999']}")
            .module("valid_status_codes: [999]"),
        web("a header that may be missing is", "/ok")
            .ask("expect: {headers_if_present: {x-zone: '^az\\d$'}}")
            .module(
                "fail_if_header_not_matches:"
                    + " [{header: x-zone, regexp: '^az\\d$', allow_missing: true}]"),
        web("a header that may be missing does not match", "/headers?x-zone=nowhere")
            .ask("expect: {headers_if_present: {x-zone: '^az\\d$'}}")
            .module(
                "fail_if_header_not_matches:"
                    + " [{header: x-zone, regexp: '^az\\d$', allow_missing: true}]")
            .fails("http_body", "Header did not match regular expression"),
        web("a header that must be absent is", "/ok")
            .ask("expect: {headers_absent: {x-zone: '.*'}}")
            .module(
                "fail_if_header_matches: [{header: x-zone, regexp: '.*', allow_missing: true}]"),
        web("a header that must be absent is there", "/headers?x-zone=az1")
            .ask("expect: {headers_absent: {x-zone: '.*'}}")
            .module("fail_if_header_matches: [{header: x-zone, regexp: '.*', allow_missing: true}]")
            .fails("http_body", "Header matched regular expression"),
        web("a header must be there and not match, and does not", "/headers?x-zone=az1")
            .ask("expect: {headers: {x-zone: '.*'}, headers_absent: {x-zone: '^us'}}")
            .module("fail_if_header_matches: [{header: x-zone, regexp: '^us'}]"),
        web("a header must be there and not match, and is missing", "/ok")
            .ask("expect: {headers: {x-zone: '.*'}, headers_absent: {x-zone: '^us'}}")
            .module("fail_if_header_matches: [{header: x-zone, regexp: '^us'}]")
            .fails("http_body", "Missing required header"),
        web("the response must come over TLS and does not", "/ok")
            .ask("expect: {tls: true}")
            .module("fail_if_not_ssl: true")
            .fails("wrong_answer", "Final request was not over SSL"),
        web("the response must come without TLS and does", "/ok")
            .ask("expect: {tls: false}")
            .module("fail_if_ssl: true"),
        web("a compressed body matches", "/gzip")
            .ask("compression: gzip, expect: {body: ['^ok']}")
            .module("compression: gzip, fail_if_body_not_matches_regexp: ['^ok']"),
        web("a body that must be compressed is not", "/ok")
            .ask("compression: gzip")
            .module("compression: gzip")
            .fails("http_body", "Failed to get decompressor for HTTP response body"),
        web("a large body that nothing reads", "/large/3000000"),
        web("an answer after the timeout", "/delay/3000").fails("timeout", "deadline exceeded"),
        web("no answer", "/stall").fails("timeout", "deadline exceeded"),
        web("a head and no body", "/stall-body").fails("timeout", "deadline exceeded"),
        web("a body that drips", "/drip").fails("timeout", "deadline exceeded"),
        web("RST for an answer", "/reset").fails("reset", "connection reset by peer"),
        web("FIN for an answer", "/close").fails("reset", "EOF"),
        web("RST in the body", "/reset-body").fails("reset", "connection reset by peer"),
        web("less body than promised", "/truncated").fails("reset", "unexpected EOF"),
        web("what is not HTTP", "/garbage").fails("http_protocol", "malformed HTTP"),
        web("a chunk without a size", "/bad-chunk").fails("http_protocol", "invalid byte in chunk"),
        web("a body of more than the bound", "/large/100000")
            .ask("max_body: 1000")
            .module("body_size_limit: 1000B")
            .fails("too_large", "body too large"),
        Case.of("a closed port", "http", "http", refused, refused)
            .fails("conn_refused", "connection refused"),
        // The dialer and the client race to report the same deadline, each in its own words.
        at("SYNs are dropped", places.http(WebFault.DROP, "/ok"))
            .fails("timeout", "Error for HTTP request"));
  }

  private List<Case> redirects() {
    return List.of(
        web("a redirect is followed", "/redirect/3"),
        web("a redirect to a failure is one", "/redirect-to?url=/status/503")
            .fails("http_status", "Invalid HTTP response status"),
        web("dot segments in a redirect are removed", "/redirect-to?url=/x/../ok"),
        web("a redirect above the root", "/redirect-to?url=../../ok"),
        web("a space in a redirect", "/redirect-to?url=/body/two%20words")
            .ask("expect: {body: ['two.*words']}")
            .module("fail_if_body_not_matches_regexp: ['two.*words']"),
        web("a redirect that is not followed is a failure", "/redirect/1")
            .ask("max_redirects: 0")
            .module("follow_redirects: false")
            .fails("http_status", "Invalid HTTP response status"),
        web("a redirect can be expected", "/redirect/1")
            .ask("expect: {status: ['302']}")
            .module("follow_redirects: false, valid_status_codes: [302]"),
        web("a redirect to itself", "/redirect-loop")
            .fails("redirect_limit", "Not following redirect"));
  }

  private List<Case> https() {
    var url = places.https(NONE, "/ok");
    var demanding = WebFault.TLS_CLIENT_CERTIFICATE;
    return List.of(
        secure("a certificate of a known authority", NONE, "/ok"),
        secure("HTTP/2 where it is required", NONE, "/ok")
            .ask("version: http2")
            .module("valid_http_versions: ['HTTP/2.0']"),
        secure("HTTP/1.1 where it is required", NONE, "/ok")
            .ask("version: http1")
            .module("enable_http2: false, valid_http_versions: ['HTTP/1.1']"),
        secure("the response must come over TLS", NONE, "/ok")
            .ask("expect: {tls: true}")
            .module("fail_if_not_ssl: true"),
        secure("the response must not come over TLS", NONE, "/ok")
            .ask("expect: {tls: false}")
            .module("fail_if_ssl: true")
            .fails("wrong_answer", "Final request was over SSL"),
        secure("TLS 1.2 is enough", WebFault.TLS_1_2_ONLY, "/ok"),
        at("an authority that the system does not know", url).fails("tls_untrusted", UNKNOWN),
        secure("an unknown authority", WebFault.TLS_UNTRUSTED, "/ok")
            .fails("tls_untrusted", UNKNOWN),
        secure("its own authority", WebFault.TLS_SELF_SIGNED, "/ok")
            .fails("tls_untrusted", UNKNOWN),
        secure("the authority between is missing", WebFault.TLS_MISSING_INTERMEDIATE, "/ok")
            .fails("tls_untrusted", UNKNOWN),
        secure("a certificate past its end", WebFault.TLS_EXPIRED, "/ok")
            .fails("tls_expired", "certificate has expired"),
        secure("a certificate before its beginning", WebFault.TLS_NOT_YET_VALID, "/ok")
            .fails("tls_expired", "not yet valid"),
        secure("a certificate for another name", WebFault.TLS_WRONG_NAME, "/ok")
            .fails("tls_name", "cannot validate certificate for 127.0.0.1"),
        at("anybody is trusted", places.https(WebFault.TLS_EXPIRED, "/ok"))
            .ask("tls: {insecure_skip_verify: true}")
            .module("tls_config: {insecure_skip_verify: true}"),
        // With TLS 1.3 the server's alert races with blackbox's request, which then meets a broken
        // pipe.
        secure("a client certificate is demanded, and there is none", demanding, "/ok")
            .fails("tls_client_certificate", "Error for HTTP request"),
        at("a client certificate is demanded and given", places.https(demanding, "/ok"))
            .ask("tls: " + identity())
            .module("tls_config: " + identity()),
        secure("plain text for a handshake", WebFault.TLS_GARBAGE, "/ok")
            .fails("tls_handshake", "server gave HTTP response to HTTPS client"),
        secure("no answer to the ClientHello", WebFault.TLS_STALL, "/ok")
            .fails("timeout", "deadline exceeded"),
        secure("RST at the ClientHello", WebFault.TLS_RESET, "/ok")
            .fails("reset", "connection reset by peer"));
  }

  private List<Case> tls() {
    return List.of(
        handshake("a good certificate", NONE),
        handshake("an ended certificate", WebFault.TLS_EXPIRED)
            .fails("tls_expired", "certificate has expired"),
        handshake("an untrusted certificate", WebFault.TLS_UNTRUSTED)
            .fails("tls_untrusted", UNKNOWN),
        handshake("another name", WebFault.TLS_WRONG_NAME)
            .fails("tls_name", "cannot validate certificate for 127.0.0.1"));
  }

  private List<Case> tcp() {
    return List.of(
        port("a connection is a success", TcpFault.NONE),
        port("a connection is a success whatever follows", TcpFault.RESET),
        port("the port is closed", TcpFault.REFUSE).fails("conn_refused", "connection refused"),
        port("SYNs vanish", TcpFault.DROP).fails("timeout", "i/o timeout"),
        greeted("the banner matches", TcpFault.NONE),
        greeted("the banner does not match", TcpFault.GARBAGE).fails("wrong_answer", "i/o timeout"),
        greeted("no banner", TcpFault.STALL).fails("timeout", "i/o timeout"),
        greeted("FIN for a banner", TcpFault.CLOSE).fails("reset", "Regexp did not match"),
        greeted("RST for a banner", TcpFault.RESET).fails("reset", "connection reset by peer"),
        port("a question and its answer", TcpFault.NONE)
            .ask("send: 'ping\\r\\n', expect: ['ping', '^220 ']")
            .module("query_response: [{expect: '^220 '}, {send: ping}, {expect: '^ping'}]"));
  }

  private List<Case> grpc() {
    return List.of(
        health("a health service that is serving", NONE),
        health("a health service that is not serving", WebFault.GRPC_NOT_SERVING)
            .fails("grpc_not_serving", "Probe failed"),
        health("a gRPC status other than OK", WebFault.GRPC_UNAVAILABLE)
            .fails("grpc_status", "Unavailable"),
        health("a server that is not gRPC", WebFault.NOT_FOUND)
            .fails("http_status", "Unimplemented"),
        health("a closed port for gRPC", WebFault.REFUSE)
            .fails("conn_refused", "connection refused"),
        Case.of(
                "a health service with TLS",
                "grpc",
                "grpc",
                "grpcs://" + places.tls(NONE),
                places.tls(NONE))
            .ask("tls: {ca_file: %s}".formatted(places.file("ca.pem")))
            .module("tls: true, tls_config: {ca_file: %s}".formatted(places.file("ca.pem"))));
  }

  private Case health(String name, WebFault fault) {
    var address = places.http(fault, "").replace("http://", "");
    return Case.of(name, "grpc", "grpc", address, address);
  }

  private List<Case> dns() {
    return List.of(
        names("a record is a success", DnsFault.NONE),
        names("the record is the expected one", DnsFault.NONE)
            .ask("expect: {answers: ['^192\\.0\\.2\\.7$']}")
            .module(answer("192\\.0\\.2\\.7$")),
        names("the record is another", DnsFault.NONE)
            .ask("expect: {answers: ['^192\\.0\\.2\\.8$']}")
            .module(answer("192\\.0\\.2\\.8$"))
            .fails("wrong_answer", "did not match regexp"),
        names("over TCP", DnsFault.NONE).ask("proto: tcp").module("transport_protocol: tcp"),
        names("NXDOMAIN", DnsFault.NXDOMAIN).fails("nxdomain", "NXDOMAIN"),
        names("NXDOMAIN can be expected", DnsFault.NXDOMAIN)
            .ask("expect: {rcode: NXDOMAIN}")
            .module("valid_rcodes: [NXDOMAIN]"),
        names("a record where NXDOMAIN is expected", DnsFault.NONE)
            .ask("expect: {rcode: NXDOMAIN}")
            .module("valid_rcodes: [NXDOMAIN]")
            .fails("wrong_answer", "NOERROR"),
        names("SERVFAIL", DnsFault.SERVFAIL).fails("servfail", "SERVFAIL"),
        names("REFUSED", DnsFault.REFUSED).fails("refused_rcode", "REFUSED"),
        names("nothing listens", DnsFault.REFUSE).fails("conn_refused", "connection refused"),
        names("queries vanish", DnsFault.DROP).fails("timeout", "i/o timeout"),
        names("the answer comes from another port", DnsFault.WRONG_SOURCE)
            .fails("timeout", "i/o timeout"),
        names("bytes that are not DNS", DnsFault.GARBAGE)
            .fails("wrong_answer", "Error while sending a DNS query"));
  }

  /** The intended differences. */
  List<Difference> different() {
    var elsewhere = places.http(NONE, "/ok").replace("127.0.0.1", "localhost");
    return List.of(
        new Difference(
            "a name without a record is of no use to a client that queries for one",
            names("no record of the type", DnsFault.NODATA).differs("nodata", "")),
        new Difference(
            "eksnet asks again over TCP, as every resolver does; blackbox_exporter takes the cut"
                + " answer for the whole, and so cannot see a blocked TCP port 53",
            names("a truncated response and a closed TCP port", DnsFault.TRUNCATE_TCP_REFUSED)
                .differs("truncated", "")),
        new Difference(
            "every resolver asks again after a lost datagram; eksnet counts it as retried",
            names("the first datagram is lost", DnsFault.DROP_FIRST)
                .ask("try_timeout: 150ms")
                .differs("success", "i/o timeout")),
        new Difference(
            "a redirect to a host that the config does not name is no evidence of the target",
            web("a redirect to another host", "/redirect-to?url=" + elsewhere)
                .differs("http_status", "")),
        new Difference(
            "a path that must be blocked is a test of its own; blackbox_exporter has none",
            port("a port that must be closed", TcpFault.REFUSE)
                .ask("negative: true")
                .differs("success", "connection refused")));
  }

  private static final String UNKNOWN = "certificate signed by unknown authority";

  private Case web(String name, String path) {
    return at(name, places.http(NONE, path));
  }

  private static Case at(String name, String url) {
    return Case.of(name, "http", "http", url, url);
  }

  private Case secure(String name, WebFault fault, String path) {
    return at(name, places.https(fault, path))
        .ask("tls: {ca_file: %s}".formatted(places.file("ca.pem")))
        .module("tls_config: {ca_file: %s}".formatted(places.file("ca.pem")));
  }

  private Case handshake(String name, WebFault fault) {
    var address = places.tls(fault);
    return Case.of(name, "tls", "tcp", address, address)
        .ask("ca_file: " + places.file("ca.pem"))
        .module("tls: true, tls_config: {ca_file: %s}".formatted(places.file("ca.pem")));
  }

  private Case port(String name, TcpFault fault) {
    var address = places.tcp(fault);
    return Case.of(name, "tcp", "tcp", address, address);
  }

  private Case greeted(String name, TcpFault fault) {
    return port(name, fault).ask("expect: ['^220 ']").module("query_response: [{expect: '^220 '}]");
  }

  /** Each prober queries a name of its own, so that the server can separate their queries. */
  private Case names(String name, DnsFault fault) {
    var server = places.dns(fault);
    return Case.of(name, "dns", "dns", server, server)
        .ask("query: eksnet.lab.test., type: A")
        .module("query_name: blackbox.lab.test., query_type: A");
  }

  private static String answer(String pattern) {
    return "validate_answer_rrs: {fail_if_not_matches_regexp: ['\\t%s']}".formatted(pattern);
  }

  private String identity() {
    return "{ca_file: %s, cert_file: %s, key_file: %s}"
        .formatted(places.file("ca.pem"), places.file("client.pem"), places.file("client.key"));
  }
}
