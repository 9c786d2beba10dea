package io.eksnet.inventory.aws;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.eks.EksAsyncClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2AsyncClient;
import software.amazon.awssdk.services.sts.StsAsyncClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The clients of the SDK: one connection pool, one timer, no retries of their own, no guessing of
 * the region.
 */
record AwsClients(
    Ec2AsyncClient ec2,
    ElasticLoadBalancingV2AsyncClient elb,
    EksAsyncClient eks,
    StsAsyncClient sts,
    SdkAsyncHttpClient http,
    SdkEventLoopGroup loops,
    AwsCredentialsProvider credentials)
    implements AutoCloseable {
  private static final int CONNECTIONS = 16;
  private static final int CLOSING_SECONDS = 5;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Shorter than the interval of any poll: an idle connection is never found dead. */
  private static final Duration IDLE = Duration.ofSeconds(10);

  /**
   * @param timers for the SDK's timeouts; nothing blocks there
   * @param completions where the SDK completes its futures
   */
  static AwsClients open(
      AwsSettings settings, ScheduledExecutorService timers, Executor completions) {
    var loops = SdkEventLoopGroup.builder().numberOfThreads(1).build();
    var http = http(loops, settings.callTimeout());
    var credentials = credentials(settings.credentials());
    var overrides = overrides(settings.callTimeout(), timers);
    var common = new Common(settings, http, credentials, overrides, completions);
    return new AwsClients(
        common.on(Ec2AsyncClient.builder(), AwsService.EC2).build(),
        common.on(ElasticLoadBalancingV2AsyncClient.builder(), AwsService.ELBV2).build(),
        common.on(EksAsyncClient.builder(), AwsService.EKS).build(),
        common.on(StsAsyncClient.builder(), AwsService.STS).build(),
        http,
        loops,
        credentials);
  }

  private record Common(
      AwsSettings settings,
      SdkAsyncHttpClient http,
      AwsCredentialsProvider credentials,
      ClientOverrideConfiguration overrides,
      Executor completions) {
    <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> B on(
        B builder, AwsService service) {
      builder
          .region(Region.of(settings.region()))
          .defaultsMode(DefaultsMode.STANDARD)
          .credentialsProvider(credentials)
          .overrideConfiguration(overrides)
          .httpClient(http)
          .asyncConfiguration(
              on ->
                  on.advancedOption(
                      SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, completions));
      URI endpoint = settings.endpoints().get(service.label());
      return endpoint == null ? builder : builder.endpointOverride(endpoint);
    }
  }

  /** An event loop group of its own: the SDK does not know those of Netty 4.2 (its issue 6757). */
  private static SdkAsyncHttpClient http(SdkEventLoopGroup loops, Duration timeout) {
    return NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(loops)
        .maxConcurrency(CONNECTIONS)
        .connectionTimeout(CONNECT)
        .connectionAcquisitionTimeout(timeout)
        .readTimeout(timeout)
        .writeTimeout(timeout)
        .connectionMaxIdleTime(IDLE)
        .build();
  }

  private static ClientOverrideConfiguration overrides(
      Duration timeout, ScheduledExecutorService timers) {
    return ClientOverrideConfiguration.builder()
        .apiCallTimeout(timeout)
        .retryStrategy(AwsRetryStrategy.doNotRetry())
        .scheduledExecutorService(timers)
        .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "eksnet")
        .build();
  }

  private static AwsCredentialsProvider credentials(AwsCredentials from) {
    if (from instanceof AwsCredentials.Fixed fixed) {
      return StaticCredentialsProvider.create(
          fixed.sessionToken().isEmpty()
              ? AwsBasicCredentials.create(fixed.accessKeyId(), fixed.secretAccessKey())
              : AwsSessionCredentials.create(
                  fixed.accessKeyId(), fixed.secretAccessKey(), fixed.sessionToken()));
    }
    return DefaultCredentialsProvider.builder().build();
  }

  @Override
  public void close() {
    ec2.close();
    elb.close();
    eks.close();
    sts.close();
    if (credentials instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
    http.close();
    loops
        .eventLoopGroup()
        .shutdownGracefully(0, CLOSING_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSING_SECONDS, TimeUnit.SECONDS);
  }
}
