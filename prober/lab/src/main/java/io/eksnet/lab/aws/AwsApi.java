package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.AwsFault;
import io.eksnet.lab.cluster.Cluster;
import io.eksnet.lab.cluster.ClusterState;
import io.eksnet.lab.cluster.Ids;
import io.eksnet.lab.cluster.TargetHealth;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/** What AWS says to a request: the protocols, the faults and the count of calls; no sockets. */
final class AwsApi {
  private final Supplier<ClusterState> state;
  private final Function<String, List<TargetHealth>> health;
  private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();

  AwsApi(Supplier<ClusterState> state, Function<String, List<TargetHealth>> health) {
    this.state = state;
    this.health = health;
  }

  /** An answer, and whether it comes late. */
  record Reply(Answer answer, boolean late) {}

  /** How often an action was called, also in vain. */
  long calls(String action) {
    var count = calls.get(action);
    return count == null ? 0 : count.sum();
  }

  /** How often each action was called. */
  Map<String, Long> calls() {
    var all = new HashMap<String, Long>();
    calls.forEach((action, count) -> all.put(action, count.sum()));
    return Map.copyOf(all);
  }

  static AwsError unknown(String action) {
    return new AwsError(
        400, "InvalidAction", "The action " + action + " is not valid for this web service.");
  }

  Reply reply(Request request) {
    var service = request.service();
    var parameters = parameters(request, service);
    var action = service + ":" + parameters.getOrDefault("Action", "");
    calls.computeIfAbsent(action, key -> new LongAdder()).increment();
    var call = new Call(action, parameters, state.get(), health);
    var fault = call.fault();
    try {
      if (request.authorization().isEmpty()) {
        throw new AwsError(
            403, "MissingAuthenticationToken", "Request is missing Authentication Token");
      }
      if (fault.isPresent()) {
        refuse(call, fault.get());
      }
      return new Reply(answer(call), fault.filter(AwsFault.Kind.SLOW::equals).isPresent());
    } catch (AwsError error) {
      return new Reply(failure(call, error), false);
    }
  }

  private static Map<String, String> parameters(Request request, String service) {
    var all = new HashMap<>(request.parameters());
    if (service.equals("eks")) {
      all.putAll(Eks.route(request.method(), request.path()));
    }
    return all;
  }

  private static Answer answer(Call call) {
    return switch (call.service()) {
      case "ec2" -> Answer.xml(200, new Ec2(call).answer());
      case "elasticloadbalancing" -> Answer.xml(200, new Elb(call).answer());
      case "sts" -> Answer.xml(200, Sts.answer(call));
      case "eks" -> Answer.json(200, new Eks(call).answer());
      default -> throw unknown(call.action());
    };
  }

  /** Codes and words are those of each service: they differ. */
  private static void refuse(Call call, AwsFault.Kind fault) {
    boolean ec2 = call.service().equals("ec2");
    boolean rest = call.service().equals("eks");
    switch (fault) {
      case THROTTLED ->
          throw ec2
              ? new AwsError(503, "RequestLimitExceeded", "Request limit exceeded.")
              : rest
                  ? new AwsError(429, "ThrottlingException", "Rate exceeded")
                  : new AwsError(400, "Throttling", "Rate exceeded");
      case DENIED ->
          throw ec2
              ? new AwsError(
                  403,
                  "UnauthorizedOperation",
                  "You are not authorized to perform this operation. " + denied(call))
              : new AwsError(403, rest ? "AccessDeniedException" : "AccessDenied", denied(call));
      case EXPIRED ->
          throw ec2
              ? new AwsError(400, "RequestExpired", "Request has expired.")
              : new AwsError(
                  rest ? 400 : 403,
                  rest ? "ExpiredTokenException" : "ExpiredToken",
                  "The security token included in the request is expired");
      case ERROR ->
          throw ec2
              ? new AwsError(500, "InternalError", "An internal error has occurred")
              : new AwsError(
                  500, rest ? "ServerException" : "InternalFailure", "An internal error occurred");
      case SLOW, EMPTY_PAGE, ENDLESS -> {}
    }
  }

  private static String denied(Call call) {
    var account = call.state().only(Cluster.class).account();
    return "User: arn:aws:sts::"
        + account
        + ":assumed-role/lab/lab is not authorized to perform: "
        + call.action()
        + " because no identity-based policy allows the "
        + call.action()
        + " action";
  }

  private static Answer failure(Call call, AwsError error) {
    var id = Ids.hex(call.toString(), 32);
    return switch (call.service()) {
      case "ec2" ->
          Answer.xml(
              error.status(),
              new Xml()
                  .in(
                      "Response",
                      xml ->
                          xml.in("Errors", in -> in.in("Error", one -> words(one, error)))
                              .text("RequestID", id))
                  .toString());
      case "eks" ->
          new Answer(
              error.status(),
              "application/json",
              new JsonObject().put("message", error.words()).encode(),
              Map.of("x-amzn-ErrorType", error.code()));
      default ->
          Answer.xml(
              error.status(),
              new Xml()
                  .in(
                      "ErrorResponse",
                      xml ->
                          xml.in("Error", one -> words(one.text("Type", "Sender"), error))
                              .text("RequestId", id))
                  .toString());
    };
  }

  private static void words(Xml xml, AwsError error) {
    xml.text("Code", error.code()).text("Message", error.words());
  }

  /** A request as it came in; {@code parameters} are those of the form and of the query. */
  record Request(String method, String path, String authorization, Map<String, String> parameters) {
    /**
     * The service it is for: from the scope of its signature, {@code
     * Credential=ID/DATE/REGION/SERVICE/aws4_request}, or from the version of the query protocol.
     */
    String service() {
      int credential = authorization.indexOf("Credential=");
      if (credential >= 0) {
        var scope = authorization.substring(credential).split("[/,]");
        if (scope.length > 3) {
          return scope[3].toLowerCase(Locale.ROOT);
        }
      }
      return switch (parameters.getOrDefault("Version", "")) {
        case "2016-11-15" -> "ec2";
        case "2015-12-01" -> "elasticloadbalancing";
        case "" -> path.startsWith("/cluster") ? "eks" : "sts";
        default -> "sts";
      };
    }
  }
}
