package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2AsyncClient;
import software.amazon.awssdk.services.eks.EksAsyncClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2AsyncClient;
import software.amazon.awssdk.services.sts.StsAsyncClient;

/**
 * The one way to call AWS: every call waits for the budget of its service, is measured and counted
 * under its outcome, and fails with an {@link AwsFailure} only. All of it, and what is composed on
 * the futures, happens on threads of its own: the SDK gets credentials on the thread that calls it.
 */
final class AwsCalls implements AutoCloseable {
  private static final int WORKERS = 3;

  /** How much longer than the SDK's own timeout a call may hang, as in getting credentials. */
  private static final long GRACE_MILLIS = 2_000;

  private final AwsSettings settings;
  private final AwsPulse pulse;
  private final ScheduledExecutorService timers;
  private final ExecutorService workers;
  private final AwsClients clients;
  private final Map<AwsService, RateLimiter> gates = new EnumMap<>(AwsService.class);
  private final Set<Call<?>> pending = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private AwsCalls(AwsSettings settings, AwsPulse pulse) {
    this.settings = settings;
    this.pulse = pulse;
    this.timers = timers();
    this.workers = Executors.newFixedThreadPool(WORKERS, threads("eksnet-aws-"));
    this.clients = AwsClients.open(settings, timers, workers);
    for (var service : AwsService.values()) {
      gates.put(
          service,
          new RateLimiter(
              settings.budget(service), timers, nanos -> pulse.waited(service.label(), nanos)));
    }
  }

  static AwsCalls open(AwsSettings settings, AwsPulse pulse) {
    return new AwsCalls(settings, pulse);
  }

  AwsSettings settings() {
    return settings;
  }

  <R> Future<R> ec2(String operation, Function<Ec2AsyncClient, CompletableFuture<R>> call) {
    return call(AwsService.EC2, operation, () -> call.apply(clients.ec2()));
  }

  <R> Future<R> elb(
      String operation, Function<ElasticLoadBalancingV2AsyncClient, CompletableFuture<R>> call) {
    return call(AwsService.ELBV2, operation, () -> call.apply(clients.elb()));
  }

  <R> Future<R> eks(String operation, Function<EksAsyncClient, CompletableFuture<R>> call) {
    return call(AwsService.EKS, operation, () -> call.apply(clients.eks()));
  }

  <R> Future<R> sts(String operation, Function<StsAsyncClient, CompletableFuture<R>> call) {
    return call(AwsService.STS, operation, () -> call.apply(clients.sts()));
  }

  /** Runs work on a thread where it may take its time. */
  void run(Runnable work) {
    workers.execute(work);
  }

  /** Share of a service's budget that is used now, less than 1 after throttling. */
  double share(AwsService service) {
    return gate(service).share();
  }

  private <R> Future<R> call(
      AwsService service, String operation, Supplier<CompletableFuture<R>> request) {
    var call = new Call<>(service, operation, request);
    pending.add(call);
    if (closed) {
      call.abandon();
    } else if (!gate(service).enter(call::start)) {
      call.fail(AwsFailure.error("too many calls to " + service.label() + " are waiting"), false);
    }
    return call.promise.future();
  }

  private RateLimiter gate(AwsService service) {
    return Objects.requireNonNull(gates.get(service));
  }

  /** Closes the clients and fails what is under way; takes seconds, so not for an event loop. */
  @Override
  public void close() {
    closed = true;
    pending.forEach(Call::abandon);
    clients.close();
    workers.shutdown();
    timers.shutdownNow();
  }

  /** One call on its way; it ends once. */
  private final class Call<R> {
    private final AwsService service;
    private final String operation;
    private final Supplier<CompletableFuture<R>> request;
    private final Promise<R> promise = Promise.promise();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable CompletableFuture<R> sent;
    private volatile long started;

    Call(AwsService service, String operation, Supplier<CompletableFuture<R>> request) {
      this.service = service;
      this.operation = operation;
      this.request = request;
    }

    void start() {
      started = System.nanoTime();
      try {
        var limit =
            timers.schedule(
                this::overdue,
                settings.callTimeout().toMillis() + GRACE_MILLIS,
                TimeUnit.MILLISECONDS);
        promise.future().onComplete(done -> limit.cancel(false));
        workers.execute(this::send);
      } catch (RejectedExecutionException e) {
        abandon();
      }
    }

    private void send() {
      if (over.get()) {
        return; // given up while all workers were busy
      }
      try {
        var future = request.get();
        sent = future;
        future.whenComplete(this::ended);
      } catch (RuntimeException e) {
        ended(null, e);
      }
    }

    private void ended(@Nullable R answer, @Nullable Throwable thrown) {
      if (thrown == null) {
        if (over.compareAndSet(false, true)) {
          count("ok");
          gate(service).answered();
          pending.remove(this);
          promise.complete(answer);
        }
      } else {
        fail(AwsErrorClassifier.of(operation, thrown), true);
      }
    }

    private void overdue() {
      fail(new AwsFailure(Reason.TIMEOUT, "", operation + " was not answered in time"), true);
      var future = sent;
      if (future != null) {
        future.cancel(true);
      }
    }

    void abandon() {
      fail(AwsFailure.error("closed before " + operation + " was answered"), false);
    }

    void fail(AwsFailure failure, boolean made) {
      if (over.compareAndSet(false, true)) {
        if (made) {
          count(failure.lack().reason().label());
        }
        if (failure.lack().reason() == Reason.THROTTLED) {
          gate(service).throttled();
        }
        pending.remove(this);
        promise.fail(failure);
      }
    }

    private void count(String outcome) {
      pulse.call(service.label(), operation, outcome, System.nanoTime() - started);
    }
  }

  private static ScheduledExecutorService timers() {
    var timers = new ScheduledThreadPoolExecutor(1, threads("eksnet-aws-timer-"));
    timers.setRemoveOnCancelPolicy(true);
    return timers;
  }

  private static ThreadFactory threads(String name) {
    var count = new AtomicInteger();
    return work -> {
      var thread = new Thread(work, name + count.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }
}
