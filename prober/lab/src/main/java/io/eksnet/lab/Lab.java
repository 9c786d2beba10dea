package io.eksnet.lab;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The whole lab: services on loopback, each with its switch, and some that are broken already. */
public final class Lab implements AutoCloseable {
  /** The name that the lab's certificates are for, and that its name servers know. */
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

  private final Certificates certificates = Certificates.of(SHOP);
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private Lab() {}

  /** The ports of the services; 0 stands for a free one. */
  public record Ports(
      int dns, int http, int https, int tcp, int dnsBroken, int httpsBroken, int tcpBlocked) {
    /** Free ones, for tests. */
    public static final Ports FREE = new Ports(0, 0, 0, 0, 0, 0, 0);

    /** Always the same, for people. */
    public static final Ports FIXED = new Ports(10053, 10080, 10443, 10022, 10054, 10444, 10023);
  }

  /** A service as people see it; addresses as {@code 127.0.0.1:53} and {@code [::1]:53}. */
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

    /** Whether no fault is on. */
    public boolean healthy() {
      return fault.equals(faults.get(0));
    }
  }

  private record Entry(String purpose, Service<?> service) {}

  /** A lab on free ports. */
  public static Lab start() {
    return start(Ports.FREE);
  }

  /** A lab on these ports. */
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

  /** The web service without TLS. */
  public WebServer http() {
    return (WebServer) service("http");
  }

  /** The web service with TLS. */
  public WebServer https() {
    return (WebServer) service("https");
  }

  /** The service that greets and echoes. */
  public TcpServer tcp() {
    return (TcpServer) service("tcp");
  }

  /** The certificates of the HTTPS services and of their clients. */
  public Certificates certificates() {
    return certificates;
  }

  /** The names of all services. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** A service by name. */
  public Service<?> service(String name) {
    return entry(name).service();
  }

  private Entry entry(String name) {
    var entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "no service \"" + name + "\" here; there are: " + String.join(", ", names()));
    }
    return entry;
  }

  /** Switches all faults off, also those the lab started with. */
  public void heal() {
    names().forEach(name -> service(name).fault("none"));
  }

  /** All services with the faults that are on now. */
  public List<Description> describe() {
    return names().stream().map(this::describe).toList();
  }

  /** One service with the fault that is on now. */
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
    add("dns", "a name server", DnsServer.start(ZONE, Bind.on(ports.dns())));
    add("http", "a web service", WebServer.http(Bind.on(ports.http())));
    add("https", "a web service with TLS", WebServer.https(certificates, Bind.on(ports.https())));
    add("tcp", "greets and echoes", TcpServer.start("SSH-2.0-lab\r\n", Bind.on(ports.tcp())));
    add("dns-broken", "another name server", DnsServer.start(ZONE, Bind.on(ports.dnsBroken())));
    add(
        "https-broken",
        "another web service with TLS",
        WebServer.https(certificates, Bind.on(ports.httpsBroken())));
    add(
        "tcp-blocked",
        "a port that must be blocked",
        TcpServer.start("", Bind.on(ports.tcpBlocked())));
    service("dns-broken").fault("servfail");
    service("https-broken").fault("tls_expired");
    service("tcp-blocked").fault("drop");
  }

  private void add(String name, String purpose, Service<?> service) {
    entries.put(name, new Entry(purpose, service));
  }
}
