package io.eksnet.lab;

import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A service with one thread, a TCP port, and a switch. */
abstract sealed class Server<F extends Fault> implements Service<F>
    permits DnsServer, TcpServer, WebServer {
  private final Ground ground;
  private final Switch<F> control;
  private final List<F> faults;

  Server(Ground ground, Switch<F> control, List<F> faults) {
    this.ground = ground;
    this.control = control;
    this.faults = faults;
  }

  @Override
  public List<InetSocketAddress> addresses() {
    return ground.bind().sockets();
  }

  @Override
  public List<F> faults() {
    return faults;
  }

  @Override
  public F fault() {
    return control.fault();
  }

  @Override
  public Duration delay() {
    return control.delay();
  }

  @Override
  public void delay(Duration delay) {
    control.delay(delay);
  }

  @Override
  public synchronized void fault(F next) {
    if (!faults.contains(next)) {
      throw new IllegalArgumentException(next.label() + " is no fault of this service");
    }
    control.fault(next);
    try {
      enter(next);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot switch to " + next.label(), e);
    }
  }

  /** Brings the sockets into the state that {@code fault} needs. */
  void enter(F fault) throws IOException {
    ground.listener().become(port(fault));
  }

  /** How the TCP port meets a SYN under a fault. */
  abstract Listener.State port(F fault);

  @Override
  public synchronized void close() {
    ground.close();
  }

  /** The thread and the TCP port a server stands on. */
  record Ground(EventLoopGroup loop, Listener listener, Bind bind) {
    static Ground open(String name, Bind bind, ChannelHandler child) throws IOException {
      var loop =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("lab-" + name, true), NioIoHandler.newFactory());
      try {
        return new Ground(loop, Listener.open(loop, bind, child), bind);
      } catch (IOException e) {
        stop(loop);
        throw e;
      }
    }

    void close() {
      listener.close();
      stop(loop);
    }

    private static void stop(EventLoopGroup loop) {
      loop.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }
}
