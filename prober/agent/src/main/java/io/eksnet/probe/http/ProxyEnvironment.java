package io.eksnet.probe.http;

import static java.util.stream.Collectors.toMap;

import io.eksnet.model.AddressLiteral;
import io.eksnet.probe.net.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The proxies that {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code NO_PROXY} name, in capitals
 * or not, read as Go's net/http does: {@code localhost} and loopback addresses use none.
 *
 * @param variables those of the environment that are set
 */
public record ProxyEnvironment(Map<String, String> variables) {
  /** No proxy. */
  public static final ProxyEnvironment NONE = new ProxyEnvironment(Map.of());

  private static final Set<String> NAMES = Set.of("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY");

  public ProxyEnvironment {
    variables = Map.copyOf(variables);
  }

  /** From all variables of a process. */
  public static ProxyEnvironment of(Map<String, String> environment) {
    return new ProxyEnvironment(
        environment.entrySet().stream()
            .filter(variable -> NAMES.contains(variable.getKey().toUpperCase(Locale.ROOT)))
            .collect(toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** What is wrong with the variables; without their values, which may have credentials. */
  Optional<String> problem() {
    try {
      noProxy();
      variable("HTTP_PROXY").ifPresent(ProxyAddress::ofEnvironment);
      variable("HTTPS_PROXY").ifPresent(ProxyAddress::ofEnvironment);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          "HTTP_PROXY, HTTPS_PROXY or NO_PROXY is invalid: proxies are URLs such as"
              + " http://proxy.example.com:3128, and NO_PROXY is a list of hosts, domains, addresses"
              + " and CIDR blocks");
    }
  }

  /** The proxy for {@code url}, if there is no {@link #problem}. */
  Optional<ProxyAddress> proxy(Url url) {
    return variable(url.secure() ? "HTTPS_PROXY" : "HTTP_PROXY")
        .filter(proxy -> !isLocal(url.host()) && !noProxy().covers(url))
        .map(ProxyAddress::ofEnvironment);
  }

  private NoProxy noProxy() {
    return new NoProxy(
        variable("NO_PROXY").stream()
            .flatMap(list -> Stream.of(list.split(",")))
            .map(String::strip)
            .filter(entry -> !entry.isEmpty())
            .toList());
  }

  private Optional<String> variable(String name) {
    return List.of(name, Headers.lower(name)).stream()
        .map(variables::get)
        .filter(value -> value != null && !value.isBlank())
        .map(String::strip)
        .findFirst();
  }

  private static boolean isLocal(String host) {
    return host.equals("localhost")
        || AddressLiteral.parse(host).filter(InetAddress::isLoopbackAddress).isPresent();
  }

  /** Proxies may have credentials. */
  @Override
  public String toString() {
    return "proxies of the environment";
  }
}
