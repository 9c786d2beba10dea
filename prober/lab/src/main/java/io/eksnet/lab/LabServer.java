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

/** A server on loopback with one thread, a TCP port and switchable faults. */
public abstract sealed class LabServer<F extends Fault> implements AutoCloseable
    permits DnsServer, TcpServer, LabWebServer {
  private final Transport transport;
  private final FaultSwitch<F> control;
  private final List<F> faults;

  LabServer(Transport transport, FaultSwitch<F> control, List<F> faults) {
    this.transport = transport;
    this.control = control;
    this.faults = faults;
  }

  /** The addresses, all with the same port, IPv4 first. */
  public List<InetSocketAddress> addresses() {
    return transport.bind().sockets();
  }

  /** The first address. */
  public InetSocketAddress address() {
    return addresses().get(0);
  }

  /** The port of all addresses. */
  public int port() {
    return address().getPort();
  }

  /** All faults; the first is none. */
  public List<F> faults() {
    return faults;
  }

  /** The current fault. */
  public F fault() {
    return control.fault();
  }

  /** The delay of faults that delay responses. */
  public Duration delay() {
    return control.delay();
  }

  /** Sets the delay of faults that delay responses. */
  public void delay(Duration delay) {
    control.delay(delay);
  }

  /** Sets the fault for the next packet, by its label. */
  public void fault(String label) {
    var labels = faults.stream().map(Fault::label).toList();
    if (!labels.contains(label)) {
      throw new IllegalArgumentException(
          "no fault \"" + label + "\"; known are " + String.join(", ", labels));
    }
    fault(faults.get(labels.indexOf(label)));
  }

  /** Sets the fault for the next packet. */
  public synchronized void fault(F next) {
    if (!faults.contains(next)) {
      throw new IllegalArgumentException(next.label() + " is not a fault of this server");
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
