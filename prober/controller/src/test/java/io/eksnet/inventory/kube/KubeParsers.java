package io.eksnet.inventory.kube;

import io.eksnet.fuzz.Parser;
import java.util.List;
import java.util.Map;

/** What this package reads of others. */
public final class KubeParsers {
  private KubeParsers() {}

  public static List<Parser> all() {
    return List.of(
        Parser.of(
            "scheduler",
            SchedulerMessageParser::parse,
            "0/3 nodes are available: 1 Too many pods, 2 node(s) had untolerated taint"
                + " {eks.amazonaws.com/compute-type: fargate}. preemption: 0/3 nodes are available: 3 x."),
        Parser.of(
            "sandbox",
            text -> SandboxEventParser.parse("FailedCreatePodSandBox", text),
            "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network"
                + " for sandbox \"1f\": plugin type=\"aws-cni\" name=\"aws-cni\" failed (add): add"
                + " cmd: failed to assign an IP address to container"),
        Parser.of(
            "image_pull",
            text -> ImagePullError.parse("ErrImagePull", text, text),
            "rpc error: code = Unknown desc = failed to pull and unpack image \"quay.io/a/b:1\":"
                + " failed to resolve reference \"quay.io/a/b:1\": failed to do request: Head"
                + " \"https://quay.io/v2/a/b/manifests/1\": dial tcp 192.0.2.7:443: i/o timeout"),
        Parser.of(
            "reconcile",
            ReconcileErrorParser::parse,
            "Failed deploy model due to AccessDenied: User: arn:aws:sts::1:assumed-role/a is not"
                + " authorized to perform: elasticloadbalancing:DescribeListeners",
            "couldn't auto-discover subnets: unable to resolve at least one subnet"),
        Parser.of(
            "template",
            text -> Templates.unrendered(Map.of("a", List.of(text, Map.of(text, text)))),
            "{{ .Values.cluster }}",
            "${CLUSTER_NAME} $(X) <no value> %{a}"));
  }
}
