package io.eksnet.controller.page;

import io.eksnet.model.inventory.LoadBalancer;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.TargetHealth;
import io.eksnet.web.Html;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Load balancers with their target groups and the targets that are not healthy. */
final class BalancersSection {
  private static final int MOST = 100;
  private static final int MOST_TARGETS = 20;

  private BalancersSection() {}

  private record State(LoadBalancer balancer, List<GroupState> groups, boolean groupsKnown) {
    HealthState standing() {
      var own =
          switch (balancer.state()) {
            case "active" -> groupsKnown ? HealthState.CLEAR : HealthState.UNKNOWN;
            case "failed" -> HealthState.FAILING;
            default -> HealthState.DOUBTFUL;
          };
      return Stream.concat(Stream.of(own), groups.stream().map(GroupState::standing))
          .min(Comparator.naturalOrder())
          .orElse(own);
    }
  }

  static void write(Html html, ClusterView view) {
    var known = view.known().known(Resources.LOAD_BALANCERS);
    if (known.value().isEmpty()) {
      UnavailableNote.write(html, known);
      return;
    }
    var states = states(known.value().get(), view);
    if (states.isEmpty()) {
      html.element("p", "The cluster has none.");
      return;
    }
    states.stream().limit(MOST).forEach(state -> write(html, state));
    if (states.size() > MOST) {
      html.element("p", "And " + (states.size() - MOST) + " more, none of them worse.");
    }
  }

  private static List<State> states(List<LoadBalancer> balancers, ClusterView view) {
    var groups = GroupState.all(view.known());
    var groupsKnown = view.known().get(Resources.TARGET_GROUPS).isPresent();
    var states = new ArrayList<State>();
    for (var balancer : balancers) {
      var own =
          groups.stream()
              .filter(state -> state.group().loadBalancerArns().contains(balancer.arn()))
              .toList();
      states.add(new State(balancer, own, groupsKnown));
    }
    states.sort(
        Comparator.comparing(State::standing).thenComparing(state -> state.balancer().name()));
    return states;
  }

  private static void write(Html html, State state) {
    var balancer = state.balancer();
    var open = state.standing().compareTo(HealthState.DOUBTFUL) <= 0 ? " open" : "";
    html.raw("<details class=\"balancer\" id=\"" + Html.id("lb", balancer.arn()) + "\"" + open)
        .raw("><summary>")
        .sign(state.standing())
        .element("b", balancer.name())
        .raw("<span class=\"soft\"> ")
        .text(about(balancer))
        .raw("</span></summary>\n");
    if (!balancer.stateReason().isEmpty()) {
      html.element("p", balancer.stateReason());
    }
    if (!state.groupsKnown()) {
      html.element("p", "Its target groups are not known.");
    } else if (state.groups().isEmpty()) {
      html.element("p", "No target group.");
    }
    html.raw("<ul>\n");
    state.groups().forEach(group -> group(html, group));
    html.raw("</ul></details>\n");
  }

  private static String about(LoadBalancer balancer) {
    return Stream.of(
            balancer.type(),
            balancer.scheme().label(),
            balancer.state().replace('_', ' '),
            balancer.listeners().stream()
                .map(listener -> listener.protocol() + " " + listener.port())
                .collect(Collectors.joining(", ")))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private static void group(Html html, GroupState state) {
    var group = state.group();
    html.raw("<li id=\"" + Html.id("tg", group.arn()) + "\">")
        .sign(state.standing())
        .text(group.name())
        .raw("<span class=\"soft\"> ")
        .text(group.protocol() + " " + group.port())
        .raw("</span>: ")
        .text(state.text());
    var targets = state.notHealthy();
    if (!targets.isEmpty()) {
      html.raw("<ul>");
      targets.stream().limit(MOST_TARGETS).forEach(target -> html.element("li", about(target)));
      if (targets.size() > MOST_TARGETS) {
        html.element("li", "and " + (targets.size() - MOST_TARGETS) + " more");
      }
      html.raw("</ul>");
    }
    html.raw("</li>\n");
  }

  private static String about(TargetHealth target) {
    return target.id()
        + " port "
        + target.port()
        + (target.zone().isEmpty() ? "" : " in " + target.zone())
        + ": "
        + Stream.of(target.state(), target.reason(), target.description())
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", "));
  }
}
