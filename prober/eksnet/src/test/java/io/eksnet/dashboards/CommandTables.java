package io.eksnet.dashboards;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The operations, options and outputs of {@code aws}, and the verbs and flags of {@code kubectl},
 * that runbooks use: tables that {@code .ci/command-tables} takes from the programs.
 */
final class CommandTables {
  private static final Set<String> TWO_WORDS =
      Set.of("rollout", "set", "top", "auth", "config", "create", "certificate");

  /** Of the control plane, and of the controllers that runbooks name. */
  private static final Set<String> RESOURCES =
      Set.of(
          "apiservice",
          "apiservices",
          "certificate",
          "certificates",
          "ciliumnetworkpolicies",
          "clusterrolebindings",
          "clusterroles",
          "cninodes",
          "configmap",
          "configmaps",
          "crd",
          "cronjobs",
          "customresourcedefinitions",
          "daemonset",
          "daemonsets",
          "deployment",
          "deployments",
          "ec2nodeclass",
          "ec2nodeclasses",
          "endpoints",
          "endpointslices",
          "eniconfig",
          "eniconfigs",
          "events",
          "gateway",
          "gatewayclass",
          "gatewayclasses",
          "gateways",
          "globalnetworkpolicies",
          "grpcroutes",
          "httproute",
          "httproutes",
          "ingress",
          "ingressclass",
          "ingressclassparams",
          "ingresses",
          "jobs",
          "lease",
          "leases",
          "loadbalancerconfigurations",
          "mutatingwebhookconfiguration",
          "mutatingwebhookconfigurations",
          "namespace",
          "namespaces",
          "networkpolicies",
          "networkpolicy",
          "node",
          "nodeclaim",
          "nodeclaims",
          "nodeclass",
          "nodeclasses",
          "nodepool",
          "nodepools",
          "nodes",
          "ns",
          "persistentvolumeclaims",
          "pod",
          "poddisruptionbudgets",
          "podmonitors",
          "pods",
          "policyendpoints",
          "prometheusrules",
          "referencegrants",
          "replicasets",
          "rolebindings",
          "roles",
          "secret",
          "secrets",
          "securitygrouppolicies",
          "service",
          "serviceaccount",
          "serviceaccounts",
          "services",
          "statefulset",
          "statefulsets",
          "storageclasses",
          "svc",
          "targetgroupbinding",
          "targetgroupbindings",
          "targetgroupconfigurations",
          "tlsroutes",
          "validatingwebhookconfiguration",
          "validatingwebhookconfigurations");

  private static final Set<String> VERBS_ON_RESOURCES =
      Set.of("get", "describe", "delete", "annotate", "label", "patch", "scale");

  private static final Pattern LITERAL = Pattern.compile("`[^`]*`|'[^']*'|\"[^\"]*\"");
  private static final Pattern NAME = Pattern.compile("(?<![\\w$])[A-Za-z]\\w*(?!\\w*\\()");

  private final Map<String, List<String>> aws;
  private final Map<String, List<String>> kubectl;

  private CommandTables(Map<String, List<String>> aws, Map<String, List<String>> kubectl) {
    this.aws = aws;
    this.kubectl = kubectl;
  }

  static CommandTables read() throws IOException {
    return new CommandTables(table("aws-cli.tsv"), table("kubectl.tsv"));
  }

  /** What is wrong with a call of {@code aws}. */
  List<String> awsErrors(List<String> words) {
    var operation = String.join(" ", words.subList(0, Math.min(2, words.size())));
    var row = aws.get(operation);
    if (row == null) {
      return List.of("no operation aws " + operation + " in the table; run .ci/command-tables");
    }
    var options = new TreeMap<>(options(aws.get("*").get(0)));
    var own = options(row.get(0));
    options.putAll(own);
    var errors = new ArrayList<String>();
    var given = errorsOfOptions(words.subList(2, words.size()), options, false, errors);
    own.forEach(
        (option, flags) -> {
          if (flags.equals("!") && !given.containsKey(option)) {
            errors.add("aws " + operation + " needs " + option);
          }
        });
    var members = Set.of(row.get(1).split(" "));
    var query = LITERAL.matcher(given.getOrDefault("--query", "")).replaceAll("");
    NAME.matcher(query)
        .results()
        .map(MatchResult::group)
        .filter(name -> !members.contains(name))
        .forEach(name -> errors.add("aws " + operation + " has no " + name + " in its output"));
    return errors;
  }

  /** What is wrong with a call of {@code kubectl}. */
  List<String> kubectlErrors(List<String> words) {
    var global = options(kubectl.get("*").get(0));
    var first = 0;
    while (first < words.size() && words.get(first).startsWith("-")) {
      first += global.getOrDefault(words.get(first), "").contains("-") ? 1 : 2;
    }
    var left = words.subList(Math.min(first, words.size()), words.size());
    var length = !left.isEmpty() && TWO_WORDS.contains(left.get(0)) ? 2 : 1;
    var verb = String.join(" ", left.subList(0, Math.min(length, left.size())));
    var row = kubectl.get(verb);
    if (row == null) {
      return List.of("no verb kubectl " + verb + " in the table; run .ci/command-tables");
    }
    var options = new TreeMap<>(global);
    options.putAll(options(row.get(0)));
    var errors = new ArrayList<String>();
    var arguments = left.subList(length, left.size());
    errorsOfOptions(words.subList(0, first), options, true, errors);
    var given = errorsOfOptions(arguments, options, true, errors);
    if (VERBS_ON_RESOURCES.contains(verb) && !given.containsKey("--raw")) {
      var types = given.getOrDefault("", "$").split(" ")[0];
      if (!types.startsWith("$")) {
        Arrays.stream(types.split("/")[0].split(","))
            .filter(type -> !RESOURCES.contains(type.split("\\.")[0]))
            .forEach(
                type ->
                    errors.add("kubectl " + verb + ": no resource " + type + " in CommandTables"));
      }
    }
    return errors;
  }

  /** The options with their values, and under the empty name what is none. */
  private static Map<String, String> errorsOfOptions(
      List<String> words, Map<String, String> known, boolean equals, List<String> errors) {
    var given = new TreeMap<String, String>();
    for (var i = 0; i < words.size() && !words.get(i).equals("--"); i++) {
      var word = words.get(i);
      if (!word.startsWith("-") || word.equals("-")) {
        given.merge("", word, (all, next) -> all + " " + next);
        continue;
      }
      var name = equals ? word.split("=")[0] : word;
      var flags = known.get(name);
      if (flags == null) {
        errors.add("no option " + name);
      } else if (flags.contains("-")) {
        given.put(name, "");
      } else if (!name.equals(word)) {
        given.put(name, word.substring(name.length() + 1));
      } else if (i + 1 == words.size() || words.get(i + 1).startsWith("--")) {
        errors.add("no value of option " + name);
      } else {
        given.put(name, words.get(++i));
        while (!equals && i + 1 < words.size() && !words.get(i + 1).startsWith("--")) {
          i++; // lists
        }
      }
    }
    return given;
  }

  /** Each option with {@code -} if it has no value and {@code !} if it is required. */
  private static Map<String, String> options(String column) {
    return Arrays.stream(column.split(" "))
        .filter(option -> !option.isEmpty())
        .collect(
            Collectors.toMap(
                option -> option.replaceFirst("-?!?$", ""),
                option -> option.substring(option.replaceFirst("-?!?$", "").length()),
                (one, same) -> one,
                TreeMap::new));
  }

  private static Map<String, List<String>> table(String name) throws IOException {
    var rows = new TreeMap<String, List<String>>();
    try (var in = CommandTables.class.getResourceAsStream(name)) {
      for (var line : new String(in.readAllBytes(), UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          var columns = line.split("\t", -1);
          rows.put(columns[0], List.of(columns).subList(1, columns.length));
        }
      }
    }
    return rows;
  }
}
