package io.eksnet.controller.web;

import io.eksnet.agent.plan.AllowedTargets;
import io.eksnet.fuzz.Parser;
import io.eksnet.model.diagnosis.AgentReport;
import io.eksnet.web.Cursor;
import io.eksnet.web.ListenAddress;
import io.eksnet.web.PlanJson;
import io.eksnet.web.PlanJsonTest;
import io.eksnet.web.WebFixture;
import java.time.Duration;
import java.util.List;

/** What this package reads of others. */
public final class WebParsers {
  private static final int MOST = 500;
  private static final String SUBJECT =
      "{\"type\":\"dns_path\",\"path\":\"service\",\"server\":\"\",\"query_class\":\"internal\","
          + "\"qtype\":\"A\",\"proto\":\"udp\"}";
  private static final String RESULT =
      "{\"at\":\"2026-11-21T12:00:00Z\",\"outcome\":\"timeout\",\"phase\":\"processing\","
          + "\"code\":0,\"by_load_balancer\":false,\"retried\":true,\"took\":0}";
  private static final String HOST =
      "{\"nameservers_ok\":true,\"pool\":{\"total\":20,\"assigned\":10,\"enis\":2,\"max_enis\":3,"
          + "\"refused\":1,\"errors\":{\"Assign/Full\":7}},\"allowances\":{\"linklocal\":101},"
          + "\"private_endpoints\":{\"sts\":true}}";

  private WebParsers() {}

  public static List<Parser> all() {
    return List.of(
        Parser.strict(
            "plan",
            WebParsers::plan,
            "{\"version\":1,\"node\":\"n-1\",\"zone\":\"a\",\"suites\":[\"dns\",\"lb\"],\"assignments\":["
                + "{\"type\":\"peer\",\"node\":\"n-2\",\"zone\":\"b\",\"address\":\"10.0.0.2\",\"port\":9853}]}",
            PlanJson.write(PlanJsonTest.PLAN)),
        Parser.strict(
            "observations",
            WebParsers::observations,
            "{\"cursor\":\"5-3\",\"host\":"
                + HOST
                + ",\"observations\":[{\"id\":\"x/a\",\"probe\":\"a\",\"kind\":\"dns\",\"target\":\"t\","
                + "\"at\":\"2026-11-21T12:00:00Z\",\"outcome\":\"timeout\",\"success\":false,"
                + "\"phase\":\"processing\",\"detail\":\"d\",\"trace\":\"t\",\"subject\":"
                + SUBJECT
                + ",\"result\":"
                + RESULT
                + "}]}",
            "{\"cursor\":null,\"observations\":[null]}",
            "null"),
        Parser.strict(
            "agent-report",
            WebParsers::report,
            "{\"node\":\"n\",\"zone\":\"z\",\"at\":\"2026-11-21T12:00:00Z\",\"host\":"
                + HOST
                + ",\"tracks\":[{\"subject\":"
                + SUBJECT
                + ",\"results\":["
                + RESULT
                + "]}]}"),
        Parser.of("cursor", Cursor::parse, "0", "12-3"),
        Parser.strict("listen-address", ListenAddress::parse, ":9853", "[::1]:1", "a:65535"));
  }

  private static void plan(String text) {
    var plan = PlanJson.read(text);
    if (!plan.assignments().stream().allMatch(a -> AllowedTargets.CLUSTER.objection(a).isEmpty())) {
      throw new AssertionError("a plan that leads out of reach");
    }
    if (!PlanJson.read(PlanJson.write(plan)).equals(plan)) {
      throw new AssertionError("a plan that is written otherwise than it was read");
    }
  }

  private static void observations(String text) {
    var failed = new FailedRuns();
    for (var observation : AgentObservation.read("n", text, MOST).observations()) {
      failed.add(observation);
      if (observation.weight() > 60_000) {
        throw new AssertionError("an observation of " + observation.weight() + " bytes");
      }
      var result = observation.result().map(read -> read.at()).orElse(WebFixture.NOON);
      for (var at : List.of(observation.at(), result)) {
        observation.json().put("age", Duration.between(at, WebFixture.NOON).toNanos());
      }
    }
    var newest = failed.newest(WebFixture.NOON);
    if (newest.size() > 50) {
      throw new AssertionError(newest.size() + " failures");
    }
  }

  private static void report(String text) {
    ModelJson.readTolerantly(AgentReport.class, text);
  }
}
