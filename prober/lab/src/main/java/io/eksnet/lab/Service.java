package io.eksnet.lab;

import static java.util.stream.Collectors.joining;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Something that listens on loopback and has a switch for its faults. */
public sealed interface Service<F extends Fault> extends AutoCloseable permits Server {
  /** Where it listens: the same port on every address, IPv4 first. */
  List<InetSocketAddress> addresses();

  /** The first of the addresses. */
  default InetSocketAddress address() {
    return addresses().get(0);
  }

  /** The port, the same on all addresses. */
  default int port() {
    return address().getPort();
  }

  /** The fault that is on now. */
  F fault();

  /** Switches to {@code fault}; when it returns, the next packet meets it. */
  void fault(F fault);

  /** Every position of the switch, the healthy one first. */
  List<F> faults();

  /** How long a fault that delays holds an answer back. */
  Duration delay();

  /** Sets how long a fault that delays holds an answer back; turns no fault on. */
  void delay(Duration delay);

  /** Switches by label, as forms and command lines do. */
  default void fault(String label) {
    fault(
        faults().stream()
            .filter(fault -> fault.label().equals(label))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no fault \"" + label + "\" here; there are: " + labels())));
  }

  /** Closes sockets and threads. */
  @Override
  void close();

  private String labels() {
    return faults().stream().map(Fault::label).collect(joining(", "));
  }
}
