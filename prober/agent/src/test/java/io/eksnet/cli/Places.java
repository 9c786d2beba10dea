package io.eksnet.cli;

import io.eksnet.lab.DnsFault;
import io.eksnet.lab.DnsServer;
import io.eksnet.lab.Fault;
import io.eksnet.lab.LabServer;
import io.eksnet.lab.LabWebServer;
import io.eksnet.lab.TcpFault;
import io.eksnet.lab.TcpServer;
import io.eksnet.lab.TestCertificates;
import io.eksnet.lab.WebFault;
import io.eksnet.lab.Zone;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Local services to probe, good and bad, each started when first asked for. */
final class Places implements AutoCloseable {
  /** How late a service answers whose fault is to be late. */
  static final Duration DELAY = Duration.ofMillis(200);

  private static final Zone ZONE =
      Zone.of(
          """
          lab.test. IN SOA ns.lab.test. ops.lab.test. 1 3600 600 86400 30
          *.lab.test. IN A 192.0.2.7
          """);

  private final Path directory;
  private final TestCertificates certificates = TestCertificates.of("shop.lab.test");
  private final Map<String, LabServer<?>> services = new LinkedHashMap<>();

  Places(Path directory) throws IOException {
    this.directory = directory;
    certificates.write(directory);
  }

  /** A URL of a service without TLS. */
  String http(WebFault fault, String path) {
    return "http://" + address(fault, "http", LabWebServer::http) + path;
  }

  /** A URL of a service with TLS. */
  String https(WebFault fault, String path) {
    return "https://" + tls(fault) + path;
  }

  /** A service with TLS, as host and port. */
  String tls(WebFault fault) {
    return address(fault, "https", () -> LabWebServer.https(certificates));
  }

  /** A service that greets, as host and port. */
  String tcp(TcpFault fault) {
    return address(fault, "tcp", () -> TcpServer.start("220 lab ready\r\n"));
  }

  /** A name server, as host and port. */
  String dns(DnsFault fault) {
    return address(fault, "dns", () -> DnsServer.start(ZONE));
  }

  /** A file of the certificates: ca.pem, client.pem or client.key. */
  Path file(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() {
    services.values().forEach(LabServer::close);
  }

  private <F extends Fault> String address(
      F fault, String protocol, Supplier<? extends LabServer<F>> start) {
    var service =
        services.computeIfAbsent(
            protocol + " " + fault.label(),
            absent -> {
              var started = start.get();
              started.delay(DELAY);
              started.fault(fault);
              return started;
            });
    return "127.0.0.1:" + service.addresses().get(0).getPort();
  }
}
