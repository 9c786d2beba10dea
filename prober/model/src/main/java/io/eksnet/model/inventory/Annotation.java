package io.eksnet.model.inventory;

import java.util.Arrays;
import java.util.Optional;

/** The annotations by which a Service or an Ingress asks something of eksnet. */
public enum Annotation {
  PROBE(
      "probe",
      "`tcp`, `tls`, `http` or `https`",
      "no probe",
      "Asks for a probe of this protocol. A Service is called by its name, an Ingress at its first"
          + " host, else at its address; a Service also joins those that every agent calls (suite"
          + " `service`).",
      "https"),
  PATH(
      "path",
      "a path of at most 512 characters, without spaces and `#`",
      "`/`; where the suite `lb` calls the load balancer of an Ingress, the shortest path of its rules",
      "What `http` and `https` ask for; of an Ingress in the suite `lb` too.",
      "/health"),
  PORT(
      "port",
      "the number or the name of a port; of an Ingress its number",
      "the first TCP port of the Service; of an Ingress 443 or 80, as the protocol says",
      "Which port is called.",
      "8443"),
  INTERVAL(
      "interval",
      "a duration of 1s to 1d",
      "`suites.service.interval`, of an Ingress `suites.lb.interval`",
      "The time from one run to the next of the probe asked for.",
      "45s"),
  EXPECT(
      "expect",
      "up to 16 status codes, ranges or classes, with commas or spaces between",
      "`2xx`; in the suite `lb` all but a 5xx that the load balancer made itself",
      "The status codes that are a success of `http` and `https`; of an Ingress in the suite `lb`"
          + " too.",
      "200,301-302"),
  TEAM(
      "team",
      "a word",
      "nobody",
      "Whom it belongs to: the label `team` of `eksnet_owner_info`, by which alerts find their"
          + " receiver.",
      "checkout"),
  DNS(
      "dns",
      "`elsewhere`",
      "the hosts have to resolve to the load balancer",
      "Of an Ingress behind a CDN or a proxy: its hosts are left out of `eksnet_ingress_dns_match`"
          + " and of the diagnosis.",
      "elsewhere");

  /** What the keys of all begin with. */
  public static final String PREFIX = "eksnet.io/";

  private final String word;
  private final String takes;
  private final String without;
  private final String meaning;
  private final String example;

  Annotation(String word, String takes, String without, String meaning, String example) {
    this.word = word;
    this.takes = takes;
    this.without = without;
    this.meaning = meaning;
    this.example = example;
  }

  /** The one with this key, if it is one of eksnet. */
  public static Optional<Annotation> of(String key) {
    return Arrays.stream(values()).filter(known -> known.key().equals(key)).findFirst();
  }

  /** As an object carries it, such as {@code eksnet.io/probe}. */
  public String key() {
    return PREFIX + word;
  }

  /** The key without the prefix. */
  public String word() {
    return word;
  }

  /** What its values are, in words. */
  public String takes() {
    return takes;
  }

  /** What holds without it. */
  public String without() {
    return without;
  }

  /** What it decides; a sentence or two. */
  public String meaning() {
    return meaning;
  }

  public String example() {
    return example;
  }
}
