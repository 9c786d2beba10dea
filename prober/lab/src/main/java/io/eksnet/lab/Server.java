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

/** A server with one thread, a TCP port and a fault. */
abstract sealed class Server<F extends Fault> implements Service<F>
    permits DnsServer, TcpServer, LabWebServer {
  private final Transport transport;
  private final FaultSwitch<F> control;
  private final List<F> faults;

  Server(Transport transport, FaultSwitch<F> control, List<F> faults) {
    this.transport = transport;
    this.control = control;
    this.faults = faults;
  }

  @Override
  public List<InetSocketAddress> addresses() {
    return transport.bind().sockets();
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
      throw new IllegalArgumentException(next.label() + " is not a fault of this service");
    }
    if (next == control.fault()) {
      return;
    }
    control.fault(next);
    try {
      enter(next);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot set " + next.label(), e);
    }
  }

  /** Opens and closes sockets as the fault requires. */
  void enter(F fault) throws IOException {
    transport.listener().setState(portState(fault));
  }

  /** The state of the TCP port under a fault. */
  abstract Listener.State portState(F fault);

  @Override
  public synchronized void close() {
    transport.close();
  }

  /** The thread and the TCP port of a server. */
  record Transport(EventLoopGroup loop, Listener listener, Bind bind) {
    static Transport open(String name, Bind bind, ChannelHandler child) throws IOException {
      var loop =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("lab-" + name, true), NioIoHandler.newFactory());
      try {
        return new Transport(loop, Listener.open(loop, bind, child), bind);
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
