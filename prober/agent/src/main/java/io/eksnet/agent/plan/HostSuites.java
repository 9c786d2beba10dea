package io.eksnet.agent.plan;

import io.eksnet.config.EnaSuite;
import io.eksnet.config.Suites;
import io.eksnet.model.AddressLiteral;
import io.eksnet.model.HostPort;
import io.eksnet.model.SeriesKey;
import io.eksnet.model.Target;
import io.eksnet.model.Task;
import io.eksnet.probe.http.HttpExpect;
import io.eksnet.probe.http.HttpSettings;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tasks of the built-in suites {@code identity}, {@code ipamd} and {@code ena}: what serves the
 * whole node. Outside of a cluster there are none, nor on Fargate, which has none of these parts.
 *
 * @param node part of the ids
 * @param serviceHost KUBERNETES_SERVICE_HOST, which is there in a cluster only
 * @param hostAddress of the node
 */
public record HostSuites(
    String node, Suites suites, Optional<String> serviceHost, Optional<String> hostAddress) {
  /** Where the Pod Identity agent listens on each node (eks-pod-identity-agent, its chart). */
  private static final String IDENTITY = "169.254.170.23";

  private static final String IDENTITY_IP6 = "fd00:ec2::23";

  /** Where the metadata of the instance are (EC2 User Guide). */
  private static final String METADATA = "169.254.169.254";

  private static final String METADATA_IP6 = "fd00:ec2::254";
  private static final int HTTP = 80;
  private static final int HTTPS = 443;
  private static final int IPAMD = 61_678;
  private static final int LARGEST_PAGE = 2_097_152;
  private static final List<String> ANY_ANSWER = List.of("100-599");
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(2);

  /** The first words of the names that EKS gives to nodes of Fargate. */
  private static final String FARGATE = "fargate-";

  /** The tasks, as far as the addresses are known. */
  public List<Task> tasks() {
    return isOnNode()
        ? Stream.of(identity(), ipamd(), ena()).flatMap(Optional::stream).toList()
        : List.of();
  }

  /**
   * Whether pods of this node reach the instance's metadata, to be run beside the schedule: that
   * they do not is as intended, and that they do is a matter of security. Asks for a session of one
   * second, as only that is subject to the hop limit.
   */
  public Optional<Task> metadata() {
    var settings = ask("PUT", Map.of("X-aws-ec2-metadata-token-ttl-seconds", "1"), ANY_ANSWER);
    return Optional.of(suites.identity())
        .filter(suite -> isOnNode() && suite.enabled())
        .map(
            suite ->
                new Task(
                    node + "/metadata",
                    new SeriesKey.NodeComponentKey("metadata"),
                    "http",
                    settings,
                    target(isIp6() ? METADATA_IP6 : METADATA, HTTP, "/latest/api/token", false),
                    METADATA_TIMEOUT.multipliedBy(2),
                    METADATA_TIMEOUT,
                    false));
  }

  private Optional<Task> identity() {
    var suite = suites.identity();
    return suite.enabled()
        ? Optional.of(
            task(
                "identity",
                "http",
                ask("GET", Map.of(), ANY_ANSWER),
                target(suite.address().orElse(isIp6() ? IDENTITY_IP6 : IDENTITY), HTTP, "/", false),
                suite.interval(),
                suite.timeout()))
        : Optional.empty();
  }

  private Optional<Task> ipamd() {
    var suite = suites.ipamd();
    return hostAddress
        .filter(known -> suite.enabled())
        .map(
            host ->
                task(
                    "ipamd",
                    "ipamd",
                    page(),
                    target(host, IPAMD, "/metrics", false),
                    suite.interval(),
                    suite.timeout()));
  }

  private Optional<Task> ena() {
    var suite = suites.ena();
    return suite
        .url()
        .filter(url -> suite.enabled())
        .flatMap(this::target)
        .map(target -> task("ena", "ena", page(), target, suite.interval(), suite.timeout()));
  }

  /** Empty if the URL needs the address of the node, which is unknown. */
  private Optional<Target> target(String url) {
    var parts = EnaSuite.URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("the settings admit no such url: " + url);
    }
    var host =
        parts.group(2).equals("{host}")
            ? hostAddress
            : Optional.of(HostPort.withoutBrackets(parts.group(2)));
    var secure = parts.group(1).equals("https");
    var port = Optional.ofNullable(parts.group(3)).map(Integer::valueOf);
    var path = Optional.ofNullable(parts.group(4)).orElse("/");
    return host.map(known -> target(known, port.orElse(secure ? HTTPS : HTTP), path, secure));
  }

  private boolean isOnNode() {
    return serviceHost.isPresent() && !node.startsWith(FARGATE);
  }

  /** Services of a cluster are of one family, and so are its pods. */
  private boolean isIp6() {
    return serviceHost
        .flatMap(AddressLiteral::parse)
        .filter(Inet6Address.class::isInstance)
        .isPresent();
  }

  private Task task(
      String suite,
      String kind,
      HttpSettings settings,
      Target target,
      Duration interval,
      Duration timeout) {
    return new Task(
        node + "/" + suite,
        new SeriesKey.NodeComponentKey(suite),
        kind,
        settings,
        target,
        interval,
        timeout,
        false);
  }

  private static Target target(String host, int port, String path, boolean secure) {
    return new Target(new HostPort(host, port).toString(), host, port, path, secure);
  }

  private static HttpSettings page() {
    return ask("GET", Map.of(), List.of("200"));
  }

  private static HttpSettings ask(
      String method, Map<String, String> headers, List<String> statuses) {
    return HttpSettings.builder()
        .method(method)
        .headers(headers)
        .expect(HttpExpect.ofStatus(statuses))
        .maxBody(LARGEST_PAGE)
        .maxRedirects(0)
        .build();
  }
}
