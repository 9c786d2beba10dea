package io.eksnet.agent;

import io.eksnet.agent.plan.AgentPlan;
import io.eksnet.schedule.SerialExecutor;
import io.eksnet.web.PeerClient.Response;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Gets the plan of a node from a controller. All calls come from one executor. */
final class PlanClient implements PlanSource {
  private static final int MAX_LOGGED_CHARACTERS = 200;

  private final SerialExecutor executor;
  private final String node;
  private final BiFunction<String, Optional<String>, Future<Response>> get;
  private final Function<String, AgentPlan> parse;
  private Optional<AgentPlan> last = Optional.empty();
  private Optional<String> etag = Optional.empty();

  /**
   * @param get requests a path, with the ETag that is known
   * @param parse reads the JSON of a plan; throws {@link IllegalArgumentException} if it is invalid
   */
  PlanClient(
      SerialExecutor executor,
      String node,
      BiFunction<String, Optional<String>, Future<Response>> get,
      Function<String, AgentPlan> parse) {
    this.executor = executor;
    this.node = node;
    this.get = get;
    this.parse = parse;
  }

  @Override
  public Future<AgentPlan> fetch(Optional<AgentPlan> current) {
    var path = "/api/v1/plan?node=" + URLEncoder.encode(node, StandardCharsets.UTF_8);
    return get.apply(path, current.equals(last) ? etag : Optional.empty())
        .recover(e -> Future.failedFuture(new UnavailableException(e.getMessage())))
        .compose(response -> plan(response, current));
  }

  private Future<AgentPlan> plan(Response response, Optional<AgentPlan> current) {
    return switch (response.status()) {
      case 200 -> parsed(response);
      case 304 ->
          current
              .map(Future::succeededFuture)
              .orElseGet(() -> failed("status 304 to a request without an ETag"));
      case 503 ->
          Future.failedFuture(new UnavailableException("status 503: " + excerpt(response.body())));
      default -> failed("status " + response.status() + ": " + excerpt(response.body()));
    };
  }

  private Future<AgentPlan> parsed(Response response) {
    return executor
        .executeBlocking(() -> parse.apply(response.body()))
        .compose(
            plan -> {
              if (!plan.node().equals(node)) {
                return failed("the plan is for another node");
              }
              last = Optional.of(plan);
              etag = response.etag();
              return Future.succeededFuture(plan);
            });
  }

  private static Future<AgentPlan> failed(String reason) {
    return Future.failedFuture(reason);
  }

  /** The body of any server: without control characters, and not longer than a log line may be. */
  private static String excerpt(String body) {
    var plain = body.replaceAll("\\p{Cntrl}+", " ");
    return plain.substring(0, Math.min(plain.length(), MAX_LOGGED_CHARACTERS));
  }
}
