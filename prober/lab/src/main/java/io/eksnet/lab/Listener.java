package io.eksnet.lab;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A TCP port of several addresses that accepts, refuses or drops connections. It stays reserved in
 * each state.
 *
 * <p>A closed port is bound without listening: the kernel responds to SYNs with RST. A dropping
 * port listens with a backlog of 1 that is filled with own connections: Linux then drops further
 * SYNs (net/ipv4/tcp_input.c, tcp_conn_request: sk_acceptq_is_full), as a firewall would.
 */
final class Listener implements Closeable {
  /** What the port does with a SYN. */
  enum State {
    OPEN,
    CLOSED,
    DROPPING
  }

  private static final int MAX_BACKLOG_CONNECTIONS = 16;
  private static final int CONNECT_TIMEOUT_MILLIS = 200;
  private static final long BIND_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EventLoopGroup loop;
  private final List<InetSocketAddress> addresses;
  private final ChannelHandler child;
  private final ChannelGroup connections;
  private final List<Closeable> held = new ArrayList<>();
  private State state = State.CLOSED;

  private Listener(EventLoopGroup loop, Bind bind, ChannelHandler child) {
    this.loop = loop;
    this.addresses = bind.sockets();
    this.connections = new DefaultChannelGroup(loop.next());
    this.child = tracked(child);
  }

  static Listener open(EventLoopGroup loop, Bind bind, ChannelHandler child) throws IOException {
    var listener = new Listener(loop, bind, child);
    try {
      listener.enter(State.OPEN, System.nanoTime());
      return listener;
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  /** Changes the state; a port that closes also closes its connections. */
  synchronized void setState(State next) throws IOException {
    if (next == state) {
      return;
    }
    release();
    if (next == State.CLOSED) {
      connections.close().syncUninterruptibly();
    }
    enter(next, System.nanoTime() + BIND_TIMEOUT_NANOS);
  }

  @Override
  public synchronized void close() {
    release();
    connections.close().syncUninterruptibly();
  }

  private void enter(State next, long deadline) throws IOException {
    for (var address : addresses) {
      switch (next) {
        case OPEN -> held.add(retry(deadline, () -> listen(address)));
        case CLOSED -> held.add(retry(deadline, () -> reserve(address)));
        case DROPPING -> fillBacklog(address, deadline);
      }
    }
    state = next;
  }

  private Closeable listen(InetSocketAddress address) throws IOException {
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(child)
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw bound.cause() instanceof IOException e ? e : new IOException(bound.cause());
    }
    Channel channel = bound.channel();
    return () -> channel.close().syncUninterruptibly();
  }

  private static Closeable reserve(InetSocketAddress address) throws IOException {
    var socket = new Socket();
    try {
      socket.setReuseAddress(true);
      socket.bind(address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private void fillBacklog(InetSocketAddress address, long deadline) throws IOException {
    held.add(
        retry(
            deadline,
            () -> {
              var socket = new ServerSocket();
              try {
                socket.bind(address, 1);
                return socket;
              } catch (IOException e) {
                socket.close();
                throw e;
              }
            }));
    for (int i = 0; i < MAX_BACKLOG_CONNECTIONS; i++) {
      var filler = new Socket();
      held.add(filler);
      try {
        filler.connect(address, CONNECT_TIMEOUT_MILLIS);
      } catch (SocketTimeoutException e) {
        filler.close();
        return;
      }
    }
    throw new IOException(address + " still accepts connections with its backlog full");
  }

  /** Retries while the port is in use: the kernel releases closed sockets with a delay. */
  private static Closeable retry(long deadline, Attempt attempt) throws IOException {
    while (true) {
      try {
        return attempt.open();
      } catch (BindException e) {
        if (System.nanoTime() >= deadline) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() {
    for (var socket : held) {
      try {
        socket.close();
      } catch (IOException e) {
        // Nothing else can be done.
      }
    }
    held.clear();
  }

  private ChannelHandler tracked(ChannelHandler handler) {
    return new ChannelInitializer<SocketChannel>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        connections.add(channel);
        channel.pipeline().addLast(handler);
      }
    };
  }

  private interface Attempt {
    Closeable open() throws IOException;
  }
}
