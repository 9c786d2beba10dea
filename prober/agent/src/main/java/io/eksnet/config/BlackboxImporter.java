package io.eksnet.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Converts modules of blackbox_exporter, with the targets of Prometheus scrape jobs, to probes.
 * What has no counterpart is listed with its line and never dropped silently.
 *
 * <p>The options are those of blackbox_exporter 0.28 (its CONFIGURATION.md).
 */
public final class BlackboxImporter {
  private static final Set<String> PROBERS = Set.of("http", "tcp", "dns", "grpc");

  /** Relabelling that every job with blackbox_exporter has: the target as a parameter. */
  private static final Set<String> USUAL_RELABELLING =
      Set.of("__param_target", "instance", "__address__");

  private static final String PASSWORD_FILE = "password";

  /** Of {@code expect.versions}, as Go names them, too. */
  private static final List<String> HTTP_VERSIONS = List.of("HTTP/1.0", "HTTP/1.1", "HTTP/2.0");

  private static final Pattern TLS_VERSION = Pattern.compile("TLS1[0-3]");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})([KMG]?)(i?)B?");

  /** Options that mean what {@code to} means; the value is copied. */
  static final Map<String, String> SAME =
      table(
          "http.valid_status_codes = expect.status",
          "http.method = method",
          "http.headers = headers",
          "http.compression = compression",
          "http.fail_if_body_matches_regexp = expect.body_absent",
          "http.fail_if_body_not_matches_regexp = expect.body",
          "http.basic_auth.username = basic_auth.username",
          "http.basic_auth.username_file = basic_auth.username_file",
          "http.basic_auth.password_file = basic_auth.password_file",
          "http.bearer_token_file = bearer_token_file",
          "http.authorization.credentials_file = bearer_token_file",
          "http.proxy_url = proxy_url",
          "http.proxy_from_environment = proxy_from_environment",
          "http.oauth2.client_id = oauth2.client_id",
          "http.oauth2.client_secret_file = oauth2.client_secret_file",
          "http.oauth2.scopes = oauth2.scopes",
          "http.oauth2.token_url = oauth2.token_url",
          "http.oauth2.endpoint_params = oauth2.endpoint_params",
          "http.oauth2.tls_config.insecure_skip_verify = oauth2.tls.insecure_skip_verify",
          "http.oauth2.tls_config.ca_file = oauth2.tls.ca_file",
          "http.oauth2.tls_config.cert_file = oauth2.tls.cert_file",
          "http.oauth2.tls_config.key_file = oauth2.tls.key_file",
          "http.oauth2.tls_config.server_name = oauth2.tls.server_name",
          "http.body = body",
          "http.body_file = body_file",
          "http.tls_config.insecure_skip_verify = tls.insecure_skip_verify",
          "http.tls_config.ca_file = tls.ca_file",
          "http.tls_config.cert_file = tls.cert_file",
          "http.tls_config.key_file = tls.key_file",
          "http.tls_config.server_name = tls.server_name",
          "tcp.source_ip_address = source_address",
          "dns.source_ip_address = source_address",
          "dns.valid_rcodes = expect.rcodes",
          "tcp.tls_config.insecure_skip_verify = insecure_skip_verify",
          "tcp.tls_config.ca_file = ca_file",
          "tcp.tls_config.cert_file = cert_file",
          "tcp.tls_config.key_file = key_file",
          "tcp.tls_config.server_name = server_name",
          "dns.query_name = query",
          "dns.query_type = type",
          "dns.transport_protocol = proto",
          "dns.recursion_desired = recursion_desired",
          "grpc.service = service",
          "grpc.tls_config.insecure_skip_verify = tls.insecure_skip_verify",
          "grpc.tls_config.ca_file = tls.ca_file",
          "grpc.tls_config.cert_file = tls.cert_file",
          "grpc.tls_config.key_file = tls.key_file",
          "grpc.tls_config.server_name = tls.server_name");

  /** Options that a function converts, by the keys that it writes. */
  static final Map<String, String> CONVERTED =
      table(
          "http.valid_http_versions = expect.versions",
          "http.body_size_limit = max_body",
          "http.follow_redirects = max_redirects",
          "http.fail_if_ssl = expect.tls",
          "http.fail_if_not_ssl = expect.tls",
          "http.fail_if_header_matches = expect.headers_absent",
          "http.fail_if_header_not_matches = expect.headers",
          "http.no_proxy = no_proxy",
          "http.enable_http2 = version",
          "http.preferred_ip_protocol = family",
          "http.ip_protocol_fallback = family",
          "http.tls_config.min_version = tls.min_version",
          "http.tls_config.max_version = tls.max_version",
          "tcp.preferred_ip_protocol = family",
          "tcp.ip_protocol_fallback = family",
          "tcp.query_response = dialogue",
          "tcp.tls_config.min_version = min_version",
          "tcp.tls_config.max_version = max_version",
          "dns.preferred_ip_protocol = family",
          "dns.ip_protocol_fallback = family",
          "dns.query_class = query_class",
          "grpc.preferred_ip_protocol = family",
          "grpc.ip_protocol_fallback = family",
          "grpc.tls_config.min_version = tls.min_version",
          "grpc.tls_config.max_version = tls.max_version");

  private final List<Problem> notImported = new ArrayList<>();
  private final Map<String, ConfigNode> modules = new LinkedHashMap<>();
  private final Set<String> used = new TreeSet<>();
  private final List<Map<String, Object>> probes = new ArrayList<>();

  private BlackboxImporter() {}

  /**
   * The converted config.
   *
   * @param yaml a config with probes
   * @param notImported each option, target or job that has no counterpart, in the order of the
   *     files
   */
  public record Result(String yaml, List<Problem> notImported) {
    public Result {
      notImported = List.copyOf(notImported);
    }
  }

  /**
   * Converts a configuration.
   *
   * @param prometheus the configuration with the scrape jobs; without it, targets are placeholders
   * @throws InvalidConfigException if a file is no YAML or not of the expected structure
   */
  public static Result convert(ConfigSource blackbox, Optional<ConfigSource> prometheus)
      throws InvalidConfigException {
    var importer = new BlackboxImporter();
    var root = mapping(YamlParser.parse(blackbox));
    for (var entry : children(root, "modules").entrySet()) {
      importer.modules.put(entry.getKey(), entry.getValue());
    }
    if (prometheus.isPresent()) {
      importer.jobs(YamlParser.parse(prometheus.get()));
    }
    importer.unusedModules(prometheus.isPresent());
    importer.notImported.sort(Comparator.comparing(Problem::location));
    return new Result(ConfigWriter.dump(Map.of("probes", importer.probes)), importer.notImported);
  }

  private void jobs(ConfigNode root) throws InvalidConfigException {
    var prometheus = mapping(root);
    var global = children(prometheus, "global");
    for (var node : elements(prometheus, "scrape_configs")) {
      var job = mapping(node);
      var names = elements(child(job, "params"), "module");
      if (names.isEmpty()) {
        continue;
      }
      for (var name : names) {
        job(job, text(name), names.size() > 1, global);
      }
      job.values().entrySet().stream()
          .filter(entry -> entry.getKey().endsWith("_sd_configs"))
          .forEach(
              entry ->
                  report(
                      entry.getValue(),
                      "service discovery has no counterpart; list the targets, or use the"
                          + " annotations eksnet.io/probe"));
      for (var relabelling : elements(job, "relabel_configs")) {
        var label = mapping(relabelling).value("target_label").map(BlackboxImporter::text);
        if (label.isEmpty() || !USUAL_RELABELLING.contains(label.get())) {
          report(relabelling, "relabelling is not imported; write the labels at the targets");
        }
      }
    }
  }

  private void job(YamlMapping job, String module, boolean several, Map<String, ConfigNode> global)
      throws InvalidConfigException {
    var definition = modules.get(module);
    if (definition == null) {
      report(
          job.value("params").orElse(job.node()),
          "the module " + ErrorText.quote(module) + " is not defined");
      return;
    }
    used.add(module);
    var name = job.value("job_name").map(BlackboxImporter::text).orElse("job");
    var probe = probe(several ? name + "/" + module : name, definition);
    if (probe == null) {
      return;
    }
    var targets = new ArrayList<Object>();
    for (var group : elements(job, "static_configs")) {
      var labels = labels(mapping(group));
      for (var target : elements(mapping(group), "targets")) {
        var address = address(probe, text(target));
        targets.add(labels.isEmpty() ? address : target(address, labels));
      }
    }
    if (targets.isEmpty()) {
      report(job.node(), "the job has no static targets; replace the placeholder");
      targets.add(placeholder(probe));
    }
    probe.values.put("targets", targets);
    probe.values.put("interval", duration(job, global, "scrape_interval", "1m"));
    probe.values.putIfAbsent("timeout", duration(job, global, "scrape_timeout", "10s"));
    probes.add(probe.values);
  }

  private static String duration(
      YamlMapping job, Map<String, ConfigNode> global, String key, String fallback) {
    return job.value(key)
        .or(() -> Optional.ofNullable(global.get(key)))
        .map(BlackboxImporter::text)
        .orElse(fallback);
  }

  private Map<String, String> labels(YamlMapping group) throws InvalidConfigException {
    var labels = new TreeMap<String, String>();
    for (var entry : children(group, "labels").entrySet()) {
      var value = text(entry.getValue());
      try {
        LabelNames.ofProbe(Map.of(entry.getKey(), value));
        labels.put(entry.getKey(), value);
      } catch (InvalidSettingException e) {
        report(entry.getValue(), e.problem());
      }
    }
    return labels;
  }

  private static Map<String, Object> target(String address, Map<String, String> labels) {
    var target = new LinkedHashMap<String, Object>();
    target.put("address", address);
    target.put("labels", labels);
    return target;
  }

  private void unusedModules(boolean withJobs) throws InvalidConfigException {
    for (var module : modules.entrySet()) {
      if (used.contains(module.getKey())) {
        continue;
      }
      if (withJobs) {
        report(module.getValue(), "no scrape job uses this module; it is not imported");
        continue;
      }
      var probe = probe(module.getKey(), module.getValue());
      if (probe != null) {
        report(module.getValue(), "targets are not in this file; replace the placeholder");
        probe.values.put("targets", List.of(placeholder(probe)));
        probe.values.put("interval", "1m");
        probe.values.putIfAbsent("timeout", "10s");
        probes.add(probe.values);
      }
    }
  }

  /** A probe that is being written; keys with dots are within mappings. */
  private static final class Draft {
    final Map<String, Object> values = new LinkedHashMap<>();
    boolean tls;

    @SuppressWarnings("unchecked")
    void put(String key, Object value) {
      var map = values;
      var rest = key;
      for (var dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
        map =
            (Map<String, Object>)
                map.computeIfAbsent(rest.substring(0, dot), k -> new LinkedHashMap<>());
        rest = rest.substring(dot + 1);
      }
      map.put(rest, value);
    }

    String kind() {
      return String.valueOf(values.get("kind"));
    }
  }

  /** Null if there is no kind for it. */
  private @Nullable Draft probe(String name, ConfigNode definition) throws InvalidConfigException {
    var module = mapping(definition);
    var prober = module.value("prober").map(BlackboxImporter::text).orElse("");
    var options = child(module, prober);
    if (!PROBERS.contains(prober)) {
      report(
          module.value("prober").orElse(definition),
          "eksnet has no counterpart of the prober " + ErrorText.quote(prober));
      return null;
    }
    var probe = new Draft();
    probe.tls = options.value("tls").map(BlackboxImporter::text).orElse("").equals("true");
    var converses = options.has("query_response");
    probe.values.put("name", name);
    probe.values.put("kind", prober.equals("tcp") && probe.tls && !converses ? "tls" : prober);
    module.value("timeout").ifPresent(timeout -> probe.values.put("timeout", text(timeout)));
    if (prober.equals("dns")) {
      probe.values.put("type", "ANY");
    }
    options(probe, prober, options);
    return probe;
  }

  private void options(Draft probe, String path, YamlMapping options)
      throws InvalidConfigException {
    for (var entry : options.values().entrySet()) {
      var option = path + "." + entry.getKey();
      var node = entry.getValue();
      var same = SAME.get(option);
      if (same != null) {
        probe.put(key(probe, option, same), copied(option, node));
      } else if (CONVERTED.containsKey(option)) {
        convert(probe, option, node, options);
      } else if (option.equals("http.basic_auth.password")) {
        probe.put("basic_auth.password_file", PASSWORD_FILE);
        report(node, "the password is not imported; write it to the file " + PASSWORD_FILE);
      } else if (option.equals("tcp.tls") || option.equals("grpc.tls")) {
        if (probe.tls && probe.kind().equals("tcp")) {
          probe.values.putIfAbsent("tls", new LinkedHashMap<>());
        }
      } else if (node.yaml() instanceof MappingNode && hasOptionsWithin(option)) {
        options(probe, option, mapping(node));
      } else if (!isOff(node)) {
        report(node, "no counterpart of " + option);
      }
    }
  }

  /** Kind {@code tls} has the keys of TLS beside the others, kind {@code tcp} in a mapping. */
  private static String key(Draft probe, String option, String key) {
    return option.startsWith("tcp.tls_config.") && probe.kind().equals("tcp") ? "tls." + key : key;
  }

  private void convert(Draft probe, String option, ConfigNode node, YamlMapping siblings)
      throws InvalidConfigException {
    var to = key(probe, option, String.valueOf(CONVERTED.get(option)));
    var text = node.yaml() instanceof ScalarNode ? text(node) : "";
    switch (option.substring(option.lastIndexOf('.') + 1)) {
      case "valid_http_versions" -> {
        var versions = texts(node);
        var known = versions.stream().filter(HTTP_VERSIONS::contains).toList();
        if (!known.isEmpty()) {
          probe.put(to, known);
        }
        if (known.size() < versions.size()) {
          report(node, "eksnet receives only responses of " + String.join(", ", HTTP_VERSIONS));
        }
      }
      case "body_size_limit" -> {
        var size = SIZE.matcher(text);
        if (size.matches()) {
          probe.put(to, bytes(size.group(1), size.group(2)));
        } else {
          report(node, "not a size; set max_body to a number of bytes");
        }
      }
      case "follow_redirects" -> {
        if (text.equals("false")) {
          probe.put(to, 0);
        }
      }
      case "fail_if_ssl", "fail_if_not_ssl" -> {
        if (text.equals("true")) {
          probe.put(to, option.endsWith("not_ssl"));
        }
      }
      case "fail_if_header_matches", "fail_if_header_not_matches" ->
          headers(probe, node, option.endsWith("not_matches"));
      case "no_proxy" -> probe.put(to, List.of(text.split("\\s*,\\s*")));
      case "enable_http2" -> {
        if (text.equals("false")) {
          probe.put(to, "http1");
        }
      }
      case "preferred_ip_protocol" -> {
        var fallback = siblings.value("ip_protocol_fallback").map(BlackboxImporter::text);
        if (fallback.orElse("true").equals("false")) {
          probe.put(to, text);
        } else if (text.equals("ip6")) {
          probe.put(to, "prefer_ip6");
        }
      }
      case "ip_protocol_fallback" -> {
        if (text.equals("false") && !siblings.has("preferred_ip_protocol")) {
          probe.put(to, "ip6");
        }
      }
      case "min_version", "max_version" -> {
        if (TLS_VERSION.matcher(text).matches()) {
          probe.put(to, "tls1_" + text.substring("TLS1".length()));
        } else {
          report(node, "not a TLS version");
        }
      }
      case "query_class" -> probe.put(to, text.toLowerCase(Locale.ROOT));
      default -> conversation(probe, node);
    }
  }

  /** A missing header fails unless {@code allow_missing}. */
  private void headers(Draft probe, ConfigNode node, boolean mustMatch)
      throws InvalidConfigException {
    for (var element : list(node)) {
      var rule = mapping(element);
      var header = rule.value("header").map(BlackboxImporter::text).orElse("");
      var regexp = rule.value("regexp").map(BlackboxImporter::text).orElse("");
      var optional = rule.value("allow_missing").map(BlackboxImporter::text).orElse("");
      if (mustMatch) {
        var to = optional.equals("true") ? "expect.headers_if_present." : "expect.headers.";
        probe.put(to + header, regexp);
      } else {
        probe.put("expect.headers_absent." + header, regexp);
        if (!optional.equals("true")) {
          probe.put("expect.headers." + header, ".*");
        }
      }
    }
  }

  /** Each step waits for an expression, sends a line, and may start TLS, in this order. */
  private void conversation(Draft probe, ConfigNode node) throws InvalidConfigException {
    var dialogue = new ArrayList<Object>();
    for (var element : list(node)) {
      var step = new LinkedHashMap<String, Object>();
      mapping(element)
          .values()
          .forEach(
              (key, value) -> {
                switch (key) {
                  case "expect" -> step.put(key, text(value));
                  case "send" -> step.put(key, text(value).replace("\\", "\\\\") + "\\n");
                  case "starttls" -> step.put(key, text(value).equals("true"));
                  default -> report(value, "no counterpart of tcp.query_response." + key);
                }
              });
      if (String.valueOf(step.get("send")).contains("${")) {
        report(element, "eksnet sends no part of a match; write the text");
      }
      dialogue.add(step);
    }
    probe.put("dialogue", dialogue);
  }

  private static String address(Draft probe, String target) {
    return switch (probe.kind()) {
      case "http" -> target.contains("://") ? target : "http://" + target;
      case "grpc" -> (probe.tls ? "grpcs://" : "grpc://") + target;
      default -> target;
    };
  }

  private static String placeholder(Draft probe) {
    return switch (probe.kind()) {
      case "http" -> "https://replace-me.example/";
      case "grpc" -> address(probe, "replace-me.example:50051");
      case "dns" -> "replace-me.example";
      default -> "replace-me.example:443";
    };
  }

  /** Numbers and truth values as such: in quotes, the reader takes them for text. */
  private Object copied(String option, ConfigNode node) throws InvalidConfigException {
    if (node.yaml() instanceof SequenceNode) {
      return texts(node);
    }
    if (node.yaml() instanceof MappingNode) {
      var map = new LinkedHashMap<String, Object>();
      mapping(node).values().forEach((key, value) -> map.put(key, text(value)));
      return map;
    }
    var text = text(node);
    var isFlag =
        option.endsWith("insecure_skip_verify")
            || option.endsWith("recursion_desired")
            || option.endsWith("proxy_from_environment");
    return isFlag ? Boolean.valueOf(text) : text;
  }

  private static long bytes(String number, String unit) {
    var shift =
        switch (unit) {
          case "K" -> 10;
          case "M" -> 20;
          case "G" -> 30;
          default -> 0;
        };
    return Long.parseLong(number) << shift;
  }

  private static boolean hasOptionsWithin(String option) {
    var prefix = option + ".";
    return SAME.keySet().stream().anyMatch(key -> key.startsWith(prefix))
        || CONVERTED.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }

  /** Options that are off or empty need no counterpart. */
  private static boolean isOff(ConfigNode node) {
    return node.isNull()
        || (node.yaml() instanceof ScalarNode scalar
            && (scalar.getValue().isEmpty()
                || scalar.getValue().toLowerCase(Locale.ROOT).equals("false")));
  }

  private void report(ConfigNode node, String message) {
    notImported.add(new Problem(node.location(), message));
  }

  private static Map<String, ConfigNode> children(YamlMapping mapping, String key)
      throws InvalidConfigException {
    return child(mapping, key).values();
  }

  private static YamlMapping child(YamlMapping mapping, String key) throws InvalidConfigException {
    var empty = YamlParser.emptyMapping();
    return mapping(mapping.value(key).orElse(new ConfigNode(mapping.node().source(), empty, key)));
  }

  private static List<ConfigNode> elements(YamlMapping mapping, String key)
      throws InvalidConfigException {
    var node = mapping.value(key);
    return node.isPresent() ? list(node.get()) : List.of();
  }

  private static List<String> texts(ConfigNode node) throws InvalidConfigException {
    return list(node).stream().map(BlackboxImporter::text).toList();
  }

  private static YamlMapping mapping(ConfigNode node) throws InvalidConfigException {
    if (node.isNull()) {
      return new YamlMapping(node, YamlParser.emptyMapping());
    }
    if (node.yaml() instanceof MappingNode yaml) {
      return new YamlMapping(node, yaml);
    }
    throw unexpected(node, "a mapping");
  }

  private static List<ConfigNode> list(ConfigNode node) throws InvalidConfigException {
    if (node.isNull()) {
      return List.of();
    }
    if (!(node.yaml() instanceof SequenceNode sequence)) {
      throw unexpected(node, "a list");
    }
    var elements = new ArrayList<ConfigNode>();
    for (var element : sequence.getValue()) {
      elements.add(node.element(elements.size(), element));
    }
    return elements;
  }

  private static String text(ConfigNode node) {
    return node.yaml() instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  private static InvalidConfigException unexpected(ConfigNode node, String expected) {
    return new InvalidConfigException(
        List.of(
            new Problem(
                node.location(), node.describe() + " is not " + expected + "; see its manual")));
  }

  private static Map<String, String> table(String... rows) {
    var table = new LinkedHashMap<String, String>();
    for (var row : rows) {
      var parts = row.split(" = ", 2);
      table.put(parts[0], parts[1]);
    }
    return table;
  }
}
