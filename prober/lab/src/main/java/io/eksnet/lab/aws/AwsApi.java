package io.eksnet.lab.aws;

import static io.eksnet.lab.cluster.WireFields.fields;

import io.eksnet.lab.cluster.AwsResource.Cluster;
import io.eksnet.lab.cluster.AwsResource.TargetHealth;
import io.eksnet.lab.cluster.Behavior.AwsFault;
import io.eksnet.lab.cluster.ClusterState;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers requests of all AWS services: protocols, faults and call counts, without sockets. */
final class AwsApi {
  private static final String STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

  private final Supplier<ClusterState> state;
  private final Function<String, List<TargetHealth>> targetHealth;
  private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();

  AwsApi(Supplier<ClusterState> state, Function<String, List<TargetHealth>> targetHealth) {
    this.state = state;
    this.targetHealth = targetHealth;
  }

  /** A response; {@code delayed} if the action is slow. */
  record AwsResponse(
      int status, String type, String body, Map<String, String> headers, boolean delayed) {
    static AwsResponse xml(int status, String body) {
      return new AwsResponse(status, "text/xml;charset=UTF-8", body, Map.of(), false);
    }
  }

  /** The number of calls, failed ones included. */
  long calls(String action) {
    var count = calls.get(action);
    return count == null ? 0 : count.sum();
  }

  /** The number of calls by action. */
  Map<String, Long> calls() {
    var all = new HashMap<String, Long>();
    calls.forEach((action, count) -> all.put(action, count.sum()));
    return Map.copyOf(all);
  }

  AwsResponse handle(AwsHttpRequest request) {
    var service = request.service();
    var parameters = new HashMap<>(request.parameters());
    if (service.equals("eks")) {
      parameters.putAll(EksApi.route(request.path()));
    }
    var action = service + ":" + parameters.getOrDefault("Action", "");
    calls.computeIfAbsent(action, key -> new LongAdder()).increment();
    var call = new AwsCall(action, parameters, state.get(), targetHealth);
    var fault = call.fault();
    try {
      if (request.authorization().isEmpty()) {
        throw new AwsError(
            403, "MissingAuthenticationToken", "Request is missing Authentication Token");
      }
      fault.ifPresent(kind -> throwError(call, kind));
      var response = respond(call);
      return fault.filter(AwsFault.Kind.SLOW::equals).isPresent()
          ? new AwsResponse(
              response.status(), response.type(), response.body(), response.headers(), true)
          : response;
    } catch (AwsError error) {
      return errorResponse(call, error);
    }
  }

  private static AwsResponse respond(AwsCall call) {
    return switch (call.service()) {
      case "ec2" -> AwsResponse.xml(200, new Ec2Api(call).respond());
      case "elasticloadbalancing" -> AwsResponse.xml(200, new ElbApi(call).respond());
      case "sts" -> AwsResponse.xml(200, callerIdentity(call));
      case "eks" ->
          new AwsResponse(200, "application/json", new EksApi(call).respond(), Map.of(), false);
      default -> throw AwsError.invalidAction(call.action());
    };
  }

  private static String callerIdentity(AwsCall call) {
    if (!call.name().equals("GetCallerIdentity")) {
      throw AwsError.invalidAction(call.name());
    }
    var account = call.state().only(Cluster.class).account();
    return AwsXml.render(
        "GetCallerIdentityResponse",
        STS_NAMESPACE,
        "member",
        fields(
            "GetCallerIdentityResult",
            fields(
                "Arn",
                "arn:aws:sts::" + account + ":assumed-role/lab/lab",
                "UserId",
                "AROALAB:lab",
                "Account",
                account),
            "ResponseMetadata",
            fields("RequestId", call.requestId())));
  }

  /** Error codes and messages differ between services. */
  private static void throwError(AwsCall call, AwsFault.Kind fault) {
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

  private static String denied(AwsCall call) {
    return "User: arn:aws:sts::%s:assumed-role/lab/lab is not authorized to perform: %s because no identity-based policy allows the %s action"
        .formatted(call.state().only(Cluster.class).account(), call.action(), call.action());
  }

  private static AwsResponse errorResponse(AwsCall call, AwsError error) {
    var fields =
        fields(
            "Type", call.service().equals("ec2") ? null : "Sender",
            "Code", error.code(),
            "Message", error.message());
    return switch (call.service()) {
      case "ec2" ->
          AwsResponse.xml(
              error.status(),
              AwsXml.render(
                  "Response",
                  "",
                  "Error",
                  fields("Errors", List.of(fields), "RequestID", call.requestId())));
      case "eks" ->
          new AwsResponse(
              error.status(),
              "application/json",
              new JsonObject().put("message", error.message()).encode(),
              Map.of("x-amzn-ErrorType", error.code()),
              false);
      default ->
          AwsResponse.xml(
              error.status(),
              AwsXml.render(
                  "ErrorResponse",
                  "",
                  "member",
                  fields("Error", fields, "RequestId", call.requestId())));
    };
  }

  /** A request; {@code parameters} are those of the form and of the query. */
  record AwsHttpRequest(String path, String authorization, Map<String, String> parameters) {
    /**
     * The service: from the scope of the signature, {@code
     * Credential=ID/DATE/REGION/SERVICE/aws4_request}, or from the API version.
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
