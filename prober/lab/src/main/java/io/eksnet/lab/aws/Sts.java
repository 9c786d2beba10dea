package io.eksnet.lab.aws;

import io.eksnet.lab.cluster.Cluster;
import io.eksnet.lab.cluster.Ids;

/** The Security Token Service's one action that needs no permission. */
final class Sts {
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

  private Sts() {}

  static String answer(Call call) {
    if (!call.name().equals("GetCallerIdentity")) {
      throw AwsApi.unknown(call.name());
    }
    var account = call.state().only(Cluster.class).account();
    return new Xml()
        .in(
            "GetCallerIdentityResponse xmlns=\"" + NAMESPACE + "\"",
            xml ->
                xml.in(
                        "GetCallerIdentityResult",
                        in ->
                            in.text("Arn", "arn:aws:sts::" + account + ":assumed-role/lab/lab")
                                .text("UserId", "AROALAB:lab")
                                .text("Account", account))
                    .in(
                        "ResponseMetadata",
                        in -> in.text("RequestId", Ids.hex(call.toString(), 32))))
        .toString();
  }
}
