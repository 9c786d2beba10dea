package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.ReconcileCause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconcileErrorParserTest {
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "SUBNET_DISCOVERY | Failed build model due to couldn't auto-discover subnets: unable to"
            + " resolve at least one subnet (0 match VPC and tags: [kubernetes.io/role/elb])",
        "SUBNET_DISCOVERY | Failed build model due to unable to resolve at least one subnet."
            + " Evaluated 6 subnets: 4 are tagged for other clusters, and 2 have insufficient"
            + " available IP addresses",
        "CREDENTIALS_TRUST_POLICY | Failed deploy model due to WebIdentityErr: failed to retrieve credentials"
            + " caused by: InvalidIdentityToken: No OpenIDConnect provider found in your account",
        "IMDS_UNREACHABLE | panic: operation error ec2imds: GetRegion, canceled, context deadline"
            + " exceeded",
        "CREDENTIALS | failed to refresh cached credentials, no EC2 IMDS role found",
        "CREDENTIALS_TRUST_POLICY | AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "IAM | Failed deploy model due to AccessDenied: User: arn:aws:sts::111122223333:x is not"
            + " authorized to perform: elasticloadbalancing:CreateLoadBalancer",
        "IAM | UnauthorizedOperation: You are not authorized to perform this operation.",
        "SG | expected exactly one securityGroup tagged with kubernetes.io/cluster/shop for eni"
            + " eni-0f00 got: [sg-1 sg-2]",
        "THROTTLED | Throttling: Rate exceeded status code: 400",
        "ANNOTATION | Failed build model due to conflicting scheme: map[internal:{}"
            + " internet-facing:{}]",
        "ANNOTATION | Failed build model due to Service \"api\" not found",
        "ANNOTATION | failed to parse json annotation,"
            + " alb.ingress.kubernetes.io/actions.redirect",
        "LB_CERTIFICATE | no certificate found for host: shop.example.com",
        "QUOTA_EXCEEDED | TooManyLoadBalancers: The maximum number of load balancers has been reached",
      })
  void classifiesMessages(ReconcileCause cause, String message) {
    assertThat(ReconcileErrorParser.parse(message)).isEqualTo(cause);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "DNS | WebIdentityErr: failed to retrieve credentials caused by: RequestError: send request"
            + " failed caused by: Post \"https://sts.ap-northeast-1.amazonaws.com/\": dial tcp:"
            + " lookup sts.ap-northeast-1.amazonaws.com on 172.20.0.10:53: read udp"
            + " 10.0.12.84:49309->172.20.0.10:53: read: connection refused",
        "IAM | couldn't auto-discover subnets: UnauthorizedOperation: You are not authorized to"
            + " perform: ec2:DescribeSubnets",
        "THROTTLED | couldn't auto-discover subnets: RequestLimitExceeded: Request limit exceeded",
      })
  void prefersTheCauseToItsSymptom(ReconcileCause cause, String message) {
    assertThat(ReconcileErrorParser.parse(message)).isEqualTo(cause);
  }
}
