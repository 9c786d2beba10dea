package io.eksnet.probe.net;

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
import java.util.concurrent.Callable;
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
  private final boolean epoll;
  private final Resolver resolver;
  private final Predicate<InetAddress> allowed;

  private Network(EventLoop loop, Resolver resolver) {
    this.loop = loop;
    this.stalls = new StallDetector(loop);
    this.failureLog = new RateLimitedLogger(loop);
    this.blocking = blockingThreads();
    this.epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
    this.allowed = anywhere -> true;
    this.resolver = resolver;
  }

  private Network(Network wider, Predicate<InetAddress> allowed) {
    this.loop = wider.loop;
    this.stalls = wider.stalls;
    this.failureLog = wider.failureLog;
    this.blocking = wider.blocking;
    this.epoll = wider.epoll;
    this.resolver = wider.resolver;
    this.allowed = allowed;
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
    return new Network(this, allowedAddresses);
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
    Promise<T> promise = Promise.promise();
    blocking.execute(
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
    loop.parent()
        .shutdownGracefully(0, CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * A new TCP socket for this loop, not yet registered with it.
   *
   * @throws io.netty.channel.ChannelException when there is none left
   */
  SocketChannel openTcp() {
    return epoll ? new EpollSocketChannel() : new NioSocketChannel();
  }

  /**
   * A new UDP socket for this loop, not yet registered with it.
   *
   * @throws io.netty.channel.ChannelException when there is none left
   */
  DatagramChannel openUdp() {
    return epoll ? new EpollDatagramChannel() : new NioDatagramChannel();
  }

  private static ExecutorService blockingThreads() {
    var threads =
        new ThreadPoolExecutor(
            BLOCKING_THREADS,
            BLOCKING_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            new DefaultThreadFactory("probe-files", true));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
