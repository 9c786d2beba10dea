package io.eksnet.probe.http;

import io.eksnet.config.ErrorText;
import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cidr;
import io.eksnet.model.HostPort;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which hosts are reached without the proxy, written as for curl and Go: {@code example.com} with
 * its subdomains, {@code .example.com} or {@code *.example.com} for the subdomains only, an
 * address, a CIDR block, each but the block with an optional port, or {@code *} for all.
 */
final class NoProxy {
  private final List<Predicate<Url>> rules;

  /**
   * @throws IllegalArgumentException with the entry that is none of these
   */
  NoProxy(List<String> entries) {
    this.rules = entries.stream().map(NoProxy::rule).toList();
  }

  boolean covers(Url url) {
    return rules.stream().anyMatch(rule -> rule.test(url));
  }

  private static Predicate<Url> rule(String entry) {
    if (entry.equals("*")) {
      return url -> true;
    }
    if (entry.indexOf('/') >= 0) {
      return block(entry);
    }
    try {
      var subdomains = entry.startsWith(".") || entry.startsWith("*.");
      var rest = subdomains ? entry.substring(entry.indexOf('.') + 1) : entry;
      var place =
          AddressLiteral.parse(rest).isPresent() ? new HostPort(rest, -1) : HostPort.parse(rest);
      var address = AddressLiteral.parse(place.host());
      return url ->
          url.port() == place.portOr(url.port())
              && (address.isPresent()
                  ? AddressLiteral.parse(url.host()).equals(address)
                  : matches(withoutDot(url.host()), withoutDot(place.host()), subdomains));
    } catch (IllegalArgumentException e) {
      throw invalid(entry);
    }
  }

  private static boolean matches(String host, String domain, boolean subdomainsOnly) {
    return host.endsWith("." + domain) || (!subdomainsOnly && host.equals(domain));
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static Predicate<Url> block(String entry) {
    var block = Cidr.parse(entry).orElseThrow(() -> invalid(entry));
    return url ->
        AddressLiteral.parse(url.host())
            .filter(address -> block.contains(Cidr.of(address)))
            .isPresent();
  }

  private static IllegalArgumentException invalid(String entry) {
    return new IllegalArgumentException(
        "give hosts, domains, addresses or CIDR blocks such as .example.com or"
            + " 10.0.0.0/8, not "
            + ErrorText.quote(entry));
  }
}
