package io.eksnet.docs.dashboards;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The dashboards of the program. */
public final class Dashboards {
  private Dashboards() {}

  /** All of them: name of the file to content. */
  public static Map<String, String> files() {
    var files = new TreeMap<String, String>();
    all().forEach(each -> files.put(each.board().file(), DashboardJson.text(each)));
    return files;
  }

  static List<Dashboard> all() {
    return List.of(
        OverviewBoard.dashboard(),
        DnsBoard.dashboard(),
        ServicesBoard.dashboard(),
        LoadBalancersBoard.dashboard(),
        SubnetsBoard.dashboard(),
        ProberBoard.dashboard());
  }
}
