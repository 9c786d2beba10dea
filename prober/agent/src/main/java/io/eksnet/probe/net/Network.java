package io.eksnet.probe.net;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.util.function.Function;
import java.util.function.Predicate;

/** One event loop and the sockets that live on it; epoll where the platform has it, else NIO. */
public final class Network {
  private final ContextInternal context;
  private final boolean epoll;
  private final Resolver resolver;
  private final Predicate<InetAddress> reach;

  private Network(
      ContextInternal context, boolean epoll, Function<? super Network, Resolver> resolver) {
    this.context = context;
    this.epoll = epoll;
    this.reach = anywhere -> true;
    this.resolver = resolver.apply(this);
  }

  private Network(Network wider, Predicate<InetAddress> reach) {
    this.context = wider.context;
    this.epoll = wider.epoll;
    this.resolver = wider.resolver;
    this.reach = reach;
  }

  /** A network without names: only address literals resolve. */
  public static Network on(Vertx vertx) {
    return on(vertx, Literals::new);
  }

  /** A network on an event loop of {@code vertx}; whoever opened the Vert.x closes it. */
  public static Network on(Vertx vertx, Function<? super Network, Resolver> resolver) {
    var context = ((VertxInternal) vertx).createEventLoopContext();
    return new Network(context, isEpoll(context.nettyEventLoop()), resolver);
  }

  /** The same network for tasks that may connect to some addresses only, whatever names say. */
  public Network within(Predicate<InetAddress> bounds) {
    return new Network(this, bounds);
  }

  /** Whether a task of this network may connect to an address. */
  boolean reaches(InetAddress address) {
    return reach.test(address);
  }

  /** The event loop: all of a probe's work happens here. */
  public EventLoop loop() {
    return context.nettyEventLoop();
  }

  /** The same loop as Vert.x knows it, for promises. */
  public ContextInternal context() {
    return context;
  }

  /** From the names of targets to addresses. */
  public Resolver resolver() {
    return resolver;
  }

  /** The clock of deadlines and phases, in nanoseconds. */
  public long now() {
    return System.nanoTime();
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

  private static boolean isEpoll(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
  }
}
