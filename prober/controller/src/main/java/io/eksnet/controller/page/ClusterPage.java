package io.eksnet.controller.page;

import static io.eksnet.web.HtmlOutput.render;

import io.eksnet.web.About;
import io.eksnet.web.PageAssets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The status page of a cluster. The templates are in {@code src/main/jte}. */
public final class ClusterPage {
  private static final PageAssets ASSETS =
      PageAssets.load(ClusterPage.class, "page.css", "page.js");

  private ClusterPage() {}

  /** The header under which the page and its stream are served. */
  public static String contentSecurityPolicy() {
    return ASSETS.contentSecurityPolicy();
  }

  /** The style sheet, for pages beside this one. */
  static String style() {
    return ASSETS.style();
  }

  public static String html(ClusterView view, About about) {
    var sections = sections(view);
    return render(
        (out, tags) ->
            JtepageGenerated.render(
                out, tags, about, ASSETS, build(), view, ClusterVerdict.of(view), sections));
  }

  /** The sections of the page in their order, by element id; the live stream updates each. */
  public static Map<String, String> sections(ClusterView view) {
    var html = new LinkedHashMap<String, String>();
    html.put(
        "verdict",
        render(
            (out, tags) -> JteverdictGenerated.render(out, tags, view, ClusterVerdict.of(view))));
    html.put(
        "path", render((out, tags) -> JtepathGenerated.render(out, tags, RequestPath.of(view))));
    html.put("causes", render((out, tags) -> JtecausesGenerated.render(out, tags, view)));
    html.put("timeline", render((out, tags) -> JtetimelineGenerated.render(out, tags, view)));
    html.put("layers", render((out, tags) -> JtelayersGenerated.render(out, tags, view)));
    html.put(
        "matrix", render((out, tags) -> JtematrixGenerated.render(out, tags, Matrix.of(view))));
    html.put(
        "subnets",
        render((out, tags) -> JtesubnetsGenerated.render(out, tags, SubnetTable.of(view))));
    html.put(
        "balancers",
        render((out, tags) -> JtebalancersGenerated.render(out, tags, LoadBalancerList.of(view))));
    html.put("failures", render((out, tags) -> JtefailuresGenerated.render(out, tags, view)));
    html.put("cost", render((out, tags) -> JtecostGenerated.render(out, tags, view.cost())));
    return html;
  }

  /** The time of day of the data, in UTC. */
  public static String clock(ClusterView view) {
    return PageText.clock(view.now());
  }

  /** Changes with style and script: an open page of an older version then reloads itself. */
  public static String build() {
    return Integer.toHexString(ASSETS.hashCode());
  }
}
