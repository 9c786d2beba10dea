package io.eksnet.agent.plan;

import io.eksnet.model.ResolvConf;
import io.eksnet.model.SearchPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the search list of resolv.conf costs for the names that pods use. */
public final class SearchCost {
  private SearchCost() {}

  /**
   * For each query class the queries, A and AAAA each counted, that precede the useful one when a
   * program asks for the name without a trailing dot. A class whose name the search never reaches
   * is absent.
   */
  public static Map<String, Integer> byQueryClass(
      ResolvConf conf,
      Optional<String> clusterDomain,
      Optional<String> region,
      Optional<String> external) {
    var costs = new LinkedHashMap<String, Integer>();
    clusterDomain.ifPresent(
        domain -> put(costs, "internal", "kubernetes.default.svc", "." + bare(domain), conf));
    region.ifPresent(r -> put(costs, "aws", "sts." + r + ".amazonaws.com", "", conf));
    external.ifPresent(name -> put(costs, "external", bare(name), "", conf));
    return costs;
  }

  private static void put(
      Map<String, Integer> costs, String queryClass, String name, String rest, ResolvConf conf) {
    SearchPath.queriesBefore(name, name + rest + ".", conf)
        .ifPresent(queries -> costs.put(queryClass, queries));
  }

  private static String bare(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
