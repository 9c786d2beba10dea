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
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

/** One event loop and the sockets that live on it; epoll where the platform has it, else NIO. */
public final class Network {
  private final ContextInternal context;
  private final boolean epoll;

  private Network(ContextInternal context, boolean epoll) {
    this.context = context;
    this.epoll = epoll;
  }

  /** A network on an event loop of {@code vertx}; whoever opened the Vert.x closes it. */
  public static Network on(Vertx vertx) {
    var context = ((VertxInternal) vertx).createEventLoopContext();
    return new Network(context, isEpoll(context.nettyEventLoop()));
  }

  /** The event loop: all of a probe's work happens here. */
  public EventLoop loop() {
    return context.nettyEventLoop();
  }

  /** The same loop as Vert.x knows it, for promises. */
  public Context context() {
    return context;
  }

  /** The clock of deadlines and phases, in nanoseconds. */
  public long now() {
    return System.nanoTime();
  }

  /** The type of TCP sockets on this loop. */
  public Class<? extends SocketChannel> tcp() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** The type of UDP sockets on this loop. */
  public Class<? extends DatagramChannel> udp() {
    return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
  }

  private static boolean isEpoll(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
  }
}
