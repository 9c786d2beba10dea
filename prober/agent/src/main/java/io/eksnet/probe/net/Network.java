package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.Phase;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The event loop of the probes, its clock and the sockets that live on it; epoll where the platform
 * has it, else NIO. The loop belongs to the probes alone: no server and no client of Vert.x runs on
 * it.
 */
public final class Network implements AutoCloseable {
  private static final int BLOCKING_THREADS = 4;
  private static final int IDLE_SECONDS = 10;
  private static final int CLOSE_TIMEOUT_SECONDS = 5;

  private final EventLoop loop;
  private final StallDetector stalls;
  private final RateLimitedLogger failureLog;
  private final ExecutorService blocking;
  private final ExecutorService verifying;
  private final CertificateVerification certificates;
  private final boolean epoll;
  private final Resolver resolver;
  private final Predicate<InetAddress> allowed;
  private final Optional<String> source;

  private Network(EventLoop loop, Resolver resolver) {
    this.loop = loop;
    this.stalls = new StallDetector(loop);
    this.failureLog = new RateLimitedLogger(loop);
    this.blocking = threads("probe-files", BLOCKING_THREADS);
    this.verifying = threads("probe-certificates", 1);
    this.certificates = new CertificateVerification(this);
    this.epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
    this.allowed = anywhere -> true;
    this.source = Optional.empty();
    this.resolver = resolver;
  }

  private Network(
      Network other, Predicate<InetAddress> allowed, Optional<String> source, Resolver resolver) {
    this.loop = other.loop;
    this.stalls = other.stalls;
    this.failureLog = other.failureLog;
    this.blocking = other.blocking;
    this.verifying = other.verifying;
    this.certificates = other.certificates;
    this.epoll = other.epoll;
    this.allowed = allowed;
    this.source = source;
    this.resolver = resolver;
  }

  /** Starts an event loop on a thread of its own; without names, only address literals resolve. */
  public static Network open() {
    return open(Resolver.NONE);
  }

  /** Starts an event loop on a thread of its own. */
  public static Network open(Resolver resolver) {
    return open(true, resolver);
  }

  /**
   * The same.
   *
   * @param preferEpoll whether to use epoll where the platform has it
   */
  public static Network open(boolean preferEpoll, Resolver resolver) {
    IoHandlerFactory handlers =
        preferEpoll && Epoll.isAvailable()
            ? EpollIoHandler.newFactory()
            : NioIoHandler.newFactory();
    var threads = new DefaultThreadFactory("probe-loop", true);
    return on(new MultiThreadIoEventLoopGroup(1, threads, handlers).next(), resolver);
  }

  /** A network on {@code loop}, whose ticker is the clock of all deadlines and measurements. */
  public static Network on(EventLoop loop, Resolver resolver) {
    return new Network(loop, resolver);
  }

  /** The same network for tasks that may connect to some addresses only. */
  public Network within(Predicate<InetAddress> allowedAddresses) {
    return new Network(this, allowedAddresses, source, resolver);
  }

  /** The same network for the queries of a resolver: to its own servers, from any address. */
  Network forResolver() {
    return new Network(this, anywhere -> true, Optional.empty(), resolver);
  }

  /** The same network with another source address (a literal), if one is given. */
  public Network from(Optional<String> sourceAddress) {
    return sourceAddress.isEmpty() ? this : new Network(this, allowed, sourceAddress, resolver);
  }

  /** The same network with another resolver. */
  public Network resolvingWith(Resolver other) {
    return new Network(this, allowed, source, other);
  }

  /** Of the addresses of {@code family}, those that can be reached from the source address. */
  Family reachable(Family family) {
    return source.flatMap(AddressLiteral::parse).map(Family::of).orElse(family);
  }

  /** Whether a task of this network may connect to an address. */
  boolean allows(InetAddress address) {
    return allowed.test(address);
  }

  /** The event loop, on which all work of probes happens. */
  public EventLoop loop() {
    return loop;
  }

  /** Measures how late the event loop is. */
  public StallDetector stalls() {
    return stalls;
  }

  /** Logs what keeps runs of this event loop from running. */
  public RateLimitedLogger failureLog() {
    return failureLog;
  }

  /** Runs blocking work on another thread; completes on the event loop. */
  <T> Future<T> executeBlocking(Callable<T> work) {
    return execute(blocking, work);
  }

  /** As {@link #executeBlocking}, on the thread for certificates; what waits runs in order. */
  <T> Future<T> verifyBlocking(Callable<T> work) {
    return execute(verifying, work);
  }

  /** Runs the expensive steps of handshakes off the event loop. */
  Executor handshakeExecutor() {
    return verifying;
  }

  /** The verification of certificates, shared by all probes. */
  CertificateVerification certificates() {
    return certificates;
  }

  private <T> Future<T> execute(Executor threads, Callable<T> work) {
    Promise<T> promise = Promise.promise();
    threads.execute(
        () -> {
          try {
            var result = work.call();
            loop.execute(() -> promise.complete(result));
          } catch (Throwable e) {
            loop.execute(() -> promise.fail(e));
          }
        });
    return promise.future();
  }

  public Resolver resolver() {
    return resolver;
  }

  /** The clock of deadlines and phases, in nanoseconds. */
  public long now() {
    return loop.ticker().nanoTime();
  }

  /** Closes all sockets and ends the event loop; not to be called on it. */
  @Override
  public void close() {
    blocking.shutdownNow();
    verifying.shutdownNow();
    loop.parent()
        .shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * A new TCP socket for this loop to an address, not yet registered with it.
   *
   * @throws ProbeFailure if the task may not connect to the address
   * @throws io.netty.channel.ChannelException when there is none left
   */
  SocketChannel openTcp(InetAddress peer) throws ProbeFailure {
    requireAllowed(peer);
    return epoll ? new EpollSocketChannel() : new NioSocketChannel();
  }

  /** As {@link #openTcp}, for UDP. */
  DatagramChannel openUdp(InetAddress peer) throws ProbeFailure {
    requireAllowed(peer);
    return epoll ? new EpollDatagramChannel() : new NioDatagramChannel();
  }

  /** Connects a registered socket of this network, from its source address if it has one. */
  ChannelFuture connect(Channel channel, InetSocketAddress peer) {
    if (source.isEmpty()) {
      return channel.connect(peer);
    }
    var from = AddressLiteral.parse(source.get());
    if (from.isEmpty() || from.get().getClass() != peer.getAddress().getClass()) {
      return channel.newFailedFuture(
          new LocalFailure(
              "source_address "
                  + source.get()
                  + (from.isEmpty()
                      ? " has the zone of an interface that this host lacks"
                      : " is not of the address family of the target")));
    }
    return channel.connect(peer, new InetSocketAddress(from.get(), 0));
  }

  /** The one place that holds tasks of plans to the addresses that plans may probe. */
  private void requireAllowed(InetAddress peer) throws ProbeFailure {
    if (!allowed.test(peer)) {
      throw new ProbeFailure(
          Phase.CONNECT,
          Cause.WRONG_ANSWER,
          AddressLiteral.text(peer) + " is an address that plans may not probe");
    }
  }

  private static ExecutorService threads(String name, int count) {
    var threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory(name, true));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
