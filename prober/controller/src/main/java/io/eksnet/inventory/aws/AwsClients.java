package io.eksnet.inventory.aws;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.eks.EksAsyncClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2AsyncClient;
import software.amazon.awssdk.services.sts.StsAsyncClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's async clients with one connection pool. Every request passes {@link
 * RequestInterceptor}, which is why the timeout is that of an attempt: the SDK does not report that
 * of a call to interceptors. The SDK repeats a request once if its classification allows it, so
 * that one broken connection does not lose all pages of a listing; anything that lasts longer is up
 * to the poller.
 */
final class AwsClients implements AutoCloseable {
  /** The maximum number of pages of a listing; more of them means a listing that does not end. */
  static final int MAX_PAGES = 200;

  private static final int MAX_ATTEMPTS = 2;
  private static final int MAX_CONNECTIONS = 16;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** Shorter than any poll interval, so that no request meets a connection that AWS has closed. */
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(10);

  private final AwsSettings settings;
  private final Clock clock;
  private final AwsRequestListener listener;
  private final Map<AwsService, RateLimiter> limiters = new EnumMap<>(AwsService.class);

  /** Unbounded: a thread may wait for a rate limit or for credentials, and others must not. */
  private final ExecutorService workers = Executors.newCachedThreadPool(threads("eksnet-aws-"));

  private final ScheduledExecutorService timers =
      Executors.newScheduledThreadPool(1, threads("eksnet-aws-timer-"));

  /** Its own event loop: the SDK does not support those of Netty 4.2 (aws-sdk-java-v2 #6757). */
  private final SdkEventLoopGroup eventLoop =
      SdkEventLoopGroup.builder().numberOfThreads(1).build();

  /** What runs on the workers, or waits for a response. */
  private final Set<Promise<?>> unfinished = ConcurrentHashMap.newKeySet();

  private final SdkAsyncHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final Ec2AsyncClient ec2;
  private final ElasticLoadBalancingV2AsyncClient elb;
  private final EksAsyncClient eks;
  private final StsAsyncClient sts;

  private AwsClients(
      AwsSettings settings,
      AwsCredentialsProvider credentials,
      AwsRequestListener listener,
      Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.listener = listener;
    http = http(eventLoop, settings.callTimeout());
    this.credentials = credentials;
    ec2 = configured(Ec2AsyncClient.builder(), AwsService.EC2).build();
    elb = configured(ElasticLoadBalancingV2AsyncClient.builder(), AwsService.ELBV2).build();
    eks = configured(EksAsyncClient.builder(), AwsService.EKS).build();
    sts = configured(StsAsyncClient.builder(), AwsService.STS).build();
  }

  static AwsClients open(AwsSettings settings, AwsRequestListener listener, Clock clock) {
    return open(settings, credentials(settings.credentials()), listener, clock);
  }

  static AwsClients open(
      AwsSettings settings,
      AwsCredentialsProvider credentials,
      AwsRequestListener listener,
      Clock clock) {
    return new AwsClients(settings, credentials, listener, clock);
  }

  AwsSettings settings() {
    return settings;
  }

  Clock clock() {
    return clock;
  }

  Ec2AsyncClient ec2() {
    return ec2;
  }

  ElasticLoadBalancingV2AsyncClient elb() {
    return elb;
  }

  EksAsyncClient eks() {
    return eks;
  }

  StsAsyncClient sts() {
    return sts;
  }

  RateLimiter limiter(AwsService service) {
    return Objects.requireNonNull(limiters.get(service));
  }

  /** Starts {@code work} on a worker thread, where it may wait for a rate limit. */
  <T> Future<T> run(Supplier<Future<T>> work) {
    Promise<T> result = Promise.promise();
    unfinished.add(result);
    result.future().onComplete(done -> unfinished.remove(result));
    try {
      workers.execute(
          () -> {
            try {
              work.get().onSuccess(result::tryComplete).onFailure(result::tryFail);
            } catch (RuntimeException e) {
              result.tryFail(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.tryFail(AwsException.error("closed"));
    }
    return result.future();
  }

  /** The response to one request; fails with an {@link AwsException}. */
  static <T> Future<T> future(CompletableFuture<T> response) {
    return Future.fromCompletionStage(response)
        .recover(
            failure ->
                Future.failedFuture(
                    AwsErrorClassifier.awsException(failure)
                        .<Throwable>map(aws -> aws)
                        .orElse(failure)));
  }

  /** The items of all pages. Fails if one page fails: part of a listing is not a listing. */
  static <P extends SdkResponse, T> Future<List<T>> list(
      SdkPublisher<P> pages, Function<P, List<T>> items) {
    var all = new ArrayList<T>();
    var tokens = new HashSet<String>();
    return future(
        pages
            .subscribe(
                page -> {
                  all.addAll(items.apply(page));
                  checkNextPage(page, tokens);
                })
            .thenApply(done -> List.copyOf(all)));
  }

  /** The response, or empty if the object was deleted since it was listed. */
  static <T> Future<Optional<T>> ifFound(Future<T> response) {
    return response
        .map(Optional::of)
        .recover(
            failure ->
                AwsException.isNotFound(failure)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /**
   * The results of {@code call} for each item, in order, one after another, so that one source does
   * not delay the others. The first failure ends it.
   */
  <T, R> Future<List<R>> each(List<T> items, Function<T, Future<R>> call) {
    Promise<List<R>> all = Promise.promise();
    callNext(items.iterator(), call, new ArrayList<>(), all);
    return all.future();
  }

  /** {@link #each} for calls that take up to {@code size} items. */
  <T, R> Future<List<R>> batches(List<T> items, int size, Function<List<T>, Future<List<R>>> call) {
    var batches = new ArrayList<List<T>>();
    for (var from = 0; from < items.size(); from += size) {
      batches.add(items.subList(from, Math.min(items.size(), from + size)));
    }
    return each(batches, call).map(lists -> lists.stream().flatMap(List::stream).toList());
  }

  /** Each call starts in a task of its own, so that thousands of them need no deep stack. */
  private <T, R> void callNext(
      Iterator<T> items, Function<T, Future<R>> call, List<R> results, Promise<List<R>> all) {
    if (!items.hasNext()) {
      all.complete(List.copyOf(results));
      return;
    }
    var item = items.next();
    run(() -> call.apply(item))
        .onFailure(all::fail)
        .onSuccess(
            result -> {
              results.add(result);
              callNext(items, call, results, all);
            });
  }

  private static void checkNextPage(SdkResponse page, Set<String> tokens) {
    var token =
        Stream.of("NextToken", "nextToken", "NextMarker")
            .flatMap(field -> page.getValueForField(field, String.class).stream())
            .filter(text -> !text.isEmpty())
            .findFirst();
    if (token.isEmpty()) {
      return;
    }
    var operation = page.getClass().getSimpleName().replaceFirst("Response$", "");
    if (!tokens.add(token.get())) {
      throw AwsException.error(operation + ": the same page token was returned twice");
    }
    if (tokens.size() >= MAX_PAGES) {
      throw AwsException.error(operation + ": more than " + MAX_PAGES + " pages");
    }
  }

  private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> B configured(
      B builder, AwsService service) {
    var limiter = new RateLimiter(settings.rateLimit(service), System::nanoTime);
    limiters.put(service, limiter);
    builder
        .region(Region.of(settings.region()))
        .defaultsMode(DefaultsMode.STANDARD)
        .credentialsProvider(new DeferredCredentials(credentials))
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(settings.callTimeout())
                .retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(MAX_ATTEMPTS)
                        .build())
                .scheduledExecutorService(timers)
                .addExecutionInterceptor(
                    new RequestInterceptor(service, limiter, credentials, listener))
                .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "eksnet")
                .build())
        .httpClient(http)
        .asyncConfiguration(
            async ->
                async.advancedOption(
                    SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, workers));
    URI endpoint = settings.endpoints().get(service.label());
    return endpoint == null ? builder : builder.endpointOverride(endpoint);
  }

  /**
   * The attempt timeout must expire first: with equal connection timeouts, a busy host sometimes
   * reports a closed connection instead of a timeout.
   */
  private static SdkAsyncHttpClient http(SdkEventLoopGroup eventLoop, Duration timeout) {
    return NettyNioAsyncHttpClient.builder()
        .eventLoopGroup(eventLoop)
        .maxConcurrency(MAX_CONNECTIONS)
        .connectionTimeout(CONNECT_TIMEOUT)
        .connectionAcquisitionTimeout(timeout)
        .readTimeout(timeout.multipliedBy(2))
        .writeTimeout(timeout.multipliedBy(2))
        .connectionMaxIdleTime(IDLE_TIMEOUT)
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

  /**
   * Lets {@link RequestInterceptor} report missing credentials, which the SDK would throw before it
   * calls an interceptor.
   */
  private record DeferredCredentials(AwsCredentialsProvider provider)
      implements IdentityProvider<AwsCredentialsIdentity> {
    @Override
    public Class<AwsCredentialsIdentity> identityType() {
      return AwsCredentialsIdentity.class;
    }

    @Override
    public CompletableFuture<? extends AwsCredentialsIdentity> resolveIdentity(
        ResolveIdentityRequest request) {
      try {
        return provider.resolveIdentity(request);
      } catch (RuntimeException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  /** Closes the clients, which fails requests in flight. Blocks for up to 5 s. */
  @Override
  public void close() {
    Stream.of(ec2, elb, eks, sts, http).forEach(SdkAutoCloseable::close);
    if (credentials instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
    eventLoop
        .eventLoopGroup()
        .shutdownGracefully(0, CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    workers.shutdownNow();
    timers.shutdownNow();
    // The SDK completes futures on the workers, which may end before it does.
    List.copyOf(unfinished).forEach(result -> result.tryFail(AwsException.error("closed")));
  }

  private static ThreadFactory threads(String prefix) {
    var count = new AtomicInteger();
    return work -> {
      var thread = new Thread(work, prefix + count.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }
}
