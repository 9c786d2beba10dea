package io.eksnet.lab;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Servers on loopback with switchable faults; some start with a fault. */
public final class Lab implements AutoCloseable {
  /** The name in the certificates and in the DNS zone. */
  public static final String SHOP = "shop.lab.test";

  private static final Zone ZONE =
      Zone.of(
          """
          $ORIGIN lab.test.
          @ SOA ns hostmaster 1 3600 600 86400 5
          @ NS ns
          ns A 127.0.0.1
          shop A 127.0.0.1
          shop AAAA ::1
          www CNAME shop
          both A 127.0.0.1
          both A 127.0.0.2
          _https._tcp SRV 0 1 443 shop
          txt TXT "v=lab1"
          *.pods A 127.0.0.1
          1.0.0.127.in-addr.arpa. PTR shop
          """);

  private final TestCertificates certificates = TestCertificates.of(SHOP);
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private Lab() {}

  /** The ports of the services; 0 is a free port. */
  public record Ports(
      int dns, int http, int https, int tcp, int dnsBroken, int httpsBroken, int tcpBlocked) {
    /** Free ports, for tests. */
    public static final Ports FREE = new Ports(0, 0, 0, 0, 0, 0, 0);

    /** Fixed ports, for people. */
    public static final Ports FIXED = new Ports(10053, 10080, 10443, 10022, 10054, 10444, 10023);
  }

  /** A service for display; addresses are {@code 127.0.0.1:53} and {@code [::1]:53}. */
  public record Description(
      String name,
      String purpose,
      List<String> addresses,
      Fault fault,
      List<Fault> faults,
      long delayMillis) {
    public Description {
      addresses = List.copyOf(addresses);
      faults = List.copyOf(faults);
    }

    /** Whether it has no fault. */
    public boolean healthy() {
      return fault.equals(faults.get(0));
    }
  }

  private record Entry(String purpose, LabServer<?> service) {}

  /** Starts a lab on free ports. */
  public static Lab start() {
    return start(Ports.FREE);
  }

  /** Starts a lab on these ports. */
  public static Lab start(Ports ports) {
    var lab = new Lab();
    try {
      lab.open(ports);
      return lab;
    } catch (RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  /** The name server. */
  public DnsServer dns() {
    return (DnsServer) service("dns");
  }

  /** The HTTP server. */
  public LabWebServer http() {
    return (LabWebServer) service("http");
  }

  /** The HTTPS server. */
  public LabWebServer https() {
    return (LabWebServer) service("https");
  }

  /** The TCP echo server. */
  public TcpServer tcp() {
    return (TcpServer) service("tcp");
  }

  /** The certificates of the HTTPS servers and their clients. */
  public TestCertificates certificates() {
    return certificates;
  }

  /** The names of all services. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** A service by name. */
  public LabServer<?> service(String name) {
    return entry(name).service();
  }

  private Entry entry(String name) {
    var entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "no service \"" + name + "\"; known are " + String.join(", ", names()));
    }
    return entry;
  }

  /** Clears all faults, those at the start included. */
  public void heal() {
    names().forEach(name -> service(name).fault("none"));
  }

  /** All services with their current faults. */
  public List<Description> describe() {
    return names().stream().map(this::describe).toList();
  }

  /** A service with its current fault. */
  public Description describe(String name) {
    var entry = entry(name);
    var service = entry.service();
    return new Description(
        name,
        entry.purpose(),
        service.addresses().stream().map(Lab::text).toList(),
        service.fault(),
        List.copyOf(service.faults()),
        service.delay().toMillis());
  }

  @Override
  public void close() {
    entries.values().forEach(entry -> entry.service().close());
  }

  private static String text(InetSocketAddress socket) {
    var host = NetUtil.toAddressString(socket.getAddress());
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort();
  }

  private void open(Ports ports) {
    add("dns", "DNS server", DnsServer.start(ZONE, Bind.on(ports.dns())));
    add("http", "HTTP server", LabWebServer.http(Bind.on(ports.http())));
    add("https", "HTTPS server", LabWebServer.https(certificates, Bind.on(ports.https())));
    add(
        "tcp",
        "TCP echo server with a banner",
        TcpServer.start("SSH-2.0-lab\r\n", Bind.on(ports.tcp())));
    add("dns-broken", "DNS server with a fault", DnsServer.start(ZONE, Bind.on(ports.dnsBroken())));
    add(
        "https-broken",
        "HTTPS server with a fault",
        LabWebServer.https(certificates, Bind.on(ports.httpsBroken())));
    add("tcp-blocked", "blocked TCP port", TcpServer.start("", Bind.on(ports.tcpBlocked())));
    service("dns-broken").fault("servfail");
    service("https-broken").fault("tls_expired");
    service("tcp-blocked").fault("drop");
  }

  private void add(String name, String purpose, LabServer<?> service) {
    entries.put(name, new Entry(purpose, service));
  }
}
