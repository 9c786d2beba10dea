package io.eksnet.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cause;
import io.eksnet.model.KindSpec;
import io.eksnet.probe.dns.DnsKind;
import io.eksnet.probe.grpc.GrpcKind;
import io.eksnet.probe.http.HttpKind;
import io.eksnet.probe.net.YamlSettings;
import io.eksnet.probe.tcp.TcpKind;
import io.eksnet.probe.tls.TlsKind;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The causes that a run against a target can end with, whose series exist from the start. */
class TargetCausesTest {
  private static final String CONNECT = "conn_refused timeout unreachable reset";
  private static final String NAME =
      " nxdomain servfail refused_rcode nodata truncated wrong_answer";
  private static final String TLS =
      " tls_handshake tls_untrusted tls_name tls_expired tls_client_certificate";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://10.0.0.1/      | {}                                        | C   http_status http_protocol too_large redirect_limit
          http://[fd00::1]/     | {}                                        | C   http_status http_protocol too_large redirect_limit
          http://10.0.0.1/      | {max_redirects: 0}                        | C   http_status http_protocol too_large
          http://10.0.0.1/      | {family: ip6}                             | CN  http_status http_protocol too_large redirect_limit
          http://shop/          | {}                                        | CN  http_status http_protocol too_large redirect_limit
          http://shop/          | {address: 10.0.0.1}                       | C   http_status http_protocol too_large redirect_limit
          http://10.0.0.1/      | {address: lb.example}                     | CN  http_status http_protocol too_large redirect_limit
          http://10.0.0.1/      | {redirect_hosts: [login]}                 | CN  http_status http_protocol too_large redirect_limit
          https://10.0.0.1/     | {}                                        | CT  http_status http_protocol too_large redirect_limit
          https://shop/         | {expect: {body: [ok]}}                    | CNT http_status http_protocol too_large redirect_limit http_body
          http://10.0.0.1/      | {expect: {headers_absent: {x-a: a}}}      | C   http_status http_protocol too_large redirect_limit http_body
          http://10.0.0.1/      | {compression: gzip}                       | C   http_status http_protocol too_large redirect_limit http_body
          http://10.0.0.1/      | {expect: {tls: true}}                     | C   http_status http_protocol too_large redirect_limit wrong_answer
          http://10.0.0.1/      | {proxy_url: "http://p:3128"}              | CN  http_status http_protocol too_large redirect_limit proxy_failed
          http://10.0.0.1/      | {headers: {content-type: application/grpc+proto}} | C http_status http_protocol too_large redirect_limit grpc_status
          """)
  void http(String target, String settings, String causes) {
    assertCauses(new HttpKind(), target, settings, causes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.1:80  | {}                     | C
          db:80        | {}                     | CN
          [fd00::1]:80 | {expect: ["PONG"]}     | C   wrong_answer too_large
          10.0.0.1:80  | {tls: {}}              | CT
          10.0.0.1:25  | {starttls: smtp}       | CT  wrong_answer too_large
          """)
  void tcp(String target, String settings, String causes) {
    assertCauses(new TcpKind(), target, settings, causes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.1:443 | {}                     | CT
          shop         | {}                     | CNT
          10.0.0.1:443 | {expect_refused: true} | CT  wrong_answer
          10.0.0.1:25  | {starttls: smtp}       | CT  wrong_answer too_large
          """)
  void tls(String target, String settings, String causes) {
    assertCauses(new TlsKind(), target, settings, causes);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10.0.0.1:50051         | C   http_status http_protocol too_large grpc_status grpc_not_serving
          grpcs://10.0.0.1:50051 | CT  http_status http_protocol too_large grpc_status grpc_not_serving
          grpc://shop:50051      | CN  http_status http_protocol too_large grpc_status grpc_not_serving
          """)
  void grpc(String target, String causes) {
    assertCauses(new GrpcKind(), target, "{}", causes);
  }

  /** The causes of a name are those of the response, of a server that is an address, too. */
  @ParameterizedTest
  @CsvSource({"10.0.0.10", "dns.example"})
  void dns(String target) {
    assertCauses(new DnsKind(), target, "{query: localhost.}", "CN");
  }

  private static <S extends Record> void assertCauses(
      KindSpec<S> kind, String target, String yaml, String causes) {
    var settings = YamlSettings.of(kind.settings(), yaml);
    var expected = causes.replace("C", CONNECT).replace("N", NAME).replaceAll("T(?= |$)", TLS);

    var actual = kind.causes(settings, kind.target(target, settings));

    assertThat(actual.stream().map(Cause::label).collect(Collectors.toSet()))
        .isEqualTo(Arrays.stream(expected.split(" +")).collect(Collectors.toSet()));
    assertThat(kind.causes()).containsAll(actual);
  }
}
