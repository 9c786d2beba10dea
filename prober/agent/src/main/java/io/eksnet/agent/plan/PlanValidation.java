package io.eksnet.agent.plan;

import io.eksnet.config.ProbeResourceSettings;
import io.eksnet.model.AddressLiteral;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Rules for the texts of a plan; errors name the value and the remedy. */
public final class PlanValidation {
  /** The maximum length of the path of a request. */
  static final int MAX_PATH_LENGTH = 512;

  /** What an annotation may ask for at most and at least. */
  static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

  static final Duration MAX_INTERVAL = Duration.ofDays(1);

  /** One less than DNS allows, for the last dot that the agent adds. */
  private static final int MAX_NAME_LENGTH = 252;

  /** As of a timeout in the config. */
  private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);

  private static final int MAX_TARGET_LENGTH = 256;
  private static final int MAX_STATUSES = 16;
  private static final int QUOTED = 80;
  private static final Pattern LABEL = Pattern.compile("[a-z0-9-]{1,63}");
  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");
  private static final Pattern ZONE = Pattern.compile("[a-z0-9-]{0,64}");
  private static final Pattern AWS_NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern AWS_SERVICE = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");
  private static final Pattern ANNOTATED =
      Pattern.compile(
          "(service|ingress|gateway|(http|grpc|tcp|tls)route)/[a-z0-9-]{1,63}/[a-z0-9.-]{1,253}");
  private static final Pattern RESOURCE_PROBE =
      Pattern.compile("probe/[a-z0-9-]{1,63}/[a-z0-9.-]{1,253}");
  private static final Pattern NAME_LABEL = Pattern.compile("[A-Za-z0-9_-]{1,63}");
  private static final Pattern PATH = Pattern.compile("/[\\x21\\x22\\x24-\\x7e]*");
  private static final Pattern STATUS = Pattern.compile("[1-9]xx|([1-9]\\d\\d)(?:-([1-9]\\d\\d))?");

  private PlanValidation() {}

  static void port(int port) {
    require(port >= 1 && port <= 65535, "a port must be 1 to 65535, not " + port);
  }

  static void label(String what, String value) {
    require(
        LABEL.matcher(value).matches(),
        "the " + what + " must be a name of Kubernetes such as shop, not " + quoted(value));
  }

  static void node(String value) {
    require(
        NODE.matcher(value).matches(), "the node must have a node's name, not " + quoted(value));
  }

  static void zone(String value) {
    require(
        ZONE.matcher(value).matches(),
        "the zone must be one such as eu-central-1a or empty, not " + quoted(value));
  }

  static void awsName(String what, String value) {
    require(
        AWS_NAME.matcher(value).matches(),
        "the " + what + " must have a name of letters, digits and hyphens, not " + quoted(value));
  }

  static void awsService(String value) {
    require(
        AWS_SERVICE.matcher(value).matches(),
        "the service must have a name such as ecr.api, not " + quoted(value));
  }

  static void annotated(String value) {
    require(
        ANNOTATED.matcher(value).matches(),
        "the probe must be named kind/namespace/name with the kind of an annotated object, such as"
            + " httproute/shop/web, not "
            + quoted(value));
  }

  static void resourceProbe(String value) {
    require(
        RESOURCE_PROBE.matcher(value).matches(),
        "the probe must be named probe/namespace/name, not " + quoted(value));
  }

  static void module(String value) {
    require(
        !value.isEmpty() && value.length() <= ProbeResourceSettings.MAX_MODULE_NAME_LENGTH,
        "the module must have a name of 1 to "
            + ProbeResourceSettings.MAX_MODULE_NAME_LENGTH
            + " characters, not "
            + quoted(value));
  }

  static void target(String value) {
    require(
        !value.isEmpty() && value.length() <= MAX_TARGET_LENGTH,
        "a target has 1 to " + MAX_TARGET_LENGTH + " characters, not " + value.length());
  }

  /** An address literal without an IPv6 zone, which would name an interface of the agent. */
  static void address(String value) {
    require(
        value.length() <= 45 && value.indexOf('%') < 0 && AddressLiteral.parse(value).isPresent(),
        "must be an address such as 10.0.1.7, not " + quoted(value));
  }

  static void host(String value) {
    if (AddressLiteral.parse(value).isEmpty()) {
      name(value);
    }
  }

  /**
   * A DNS name of two labels or more. The last one begins with a letter: no resolver takes it for
   * an address in one of the old notations, such as 0x7f.1.
   */
  static void name(String value) {
    var labels = value.split("\\.", -1);
    require(
        value.length() <= MAX_NAME_LENGTH
            && labels.length >= 2
            && List.of(labels).stream().allMatch(NAME_LABEL.asMatchPredicate())
            && Character.isLetter(labels[labels.length - 1].charAt(0)),
        "must be a full name such as shop.example.com, not " + quoted(value));
  }

  static void request(String protocol, String path) {
    switch (protocol) {
      case "http", "https" -> path(path);
      case "tcp", "tls", "grpc", "grpcs" ->
          require(path.isEmpty(), protocol + " has no path; leave out " + quoted(path));
      default ->
          throw new IllegalArgumentException(
              "the protocol must be tcp, tls, http, https, grpc or grpcs, not " + quoted(protocol));
    }
  }

  public static void path(String path) {
    require(
        path.length() <= MAX_PATH_LENGTH && PATH.matcher(path).matches(),
        "a path begins with / and has at most "
            + MAX_PATH_LENGTH
            + " characters of ASCII without spaces and #, unlike "
            + quoted(path));
  }

  public static List<String> statuses(String protocol, List<String> words) {
    require(
        words.isEmpty() || protocol.startsWith("http"),
        protocol + " has no status codes; leave them out");
    require(
        words.size() <= MAX_STATUSES,
        "at most " + MAX_STATUSES + " status codes or ranges, not " + words.size());
    words.forEach(PlanValidation::status);
    return List.copyOf(words);
  }

  public static void interval(Duration interval) {
    require(
        interval.compareTo(MIN_INTERVAL) >= 0 && interval.compareTo(MAX_INTERVAL) <= 0,
        "an interval must be 1s to 1d, not " + interval);
  }

  static void timeout(Duration timeout, Duration interval) {
    require(
        timeout.compareTo(MIN_TIMEOUT) >= 0 && timeout.compareTo(interval) < 0,
        "a timeout must be at least 10ms and less than the interval, "
            + interval
            + ", not "
            + timeout);
  }

  private static void status(String word) {
    var parts = STATUS.matcher(word);
    require(
        parts.matches()
            && (parts.group(2) == null || parts.group(1).compareTo(parts.group(2)) <= 0),
        "a status is a code, a range or a class such as 204, 200-299 or 2xx, not " + quoted(word));
  }

  /** In quotes, on one line, not endless. */
  public static String quoted(String text) {
    var shown = text.length() > QUOTED ? text.substring(0, QUOTED) + "…" : text;
    return "\"" + shown.replaceAll("[^\\x20-\\x7e…]", "?") + "\"";
  }

  private static void require(boolean good, String otherwise) {
    if (!good) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
