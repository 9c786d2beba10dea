package io.eksnet.lab;

import static java.util.stream.Collectors.joining;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A server on loopback with switchable faults. */
public sealed interface Service<F extends Fault> extends AutoCloseable permits Server {
  /** The addresses, all with the same port, IPv4 first. */
  List<InetSocketAddress> addresses();

  /** The first of the addresses. */
  default InetSocketAddress address() {
    return addresses().get(0);
  }

  /** The port, the same on all addresses. */
  default int port() {
    return address().getPort();
  }

  /** The current fault. */
  F fault();

  /** Sets the fault for the next packet. */
  void fault(F fault);

  /** All faults; the first is none. */
  List<F> faults();

  /** The delay of faults that delay responses. */
  Duration delay();

  /** Sets the delay of faults that delay responses. */
  void delay(Duration delay);

  /** Sets the fault by its label. */
  default void fault(String label) {
    fault(
        faults().stream()
            .filter(fault -> fault.label().equals(label))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no fault \"" + label + "\"; known are " + labels())));
  }

  /** Closes sockets and threads. */
  @Override
  void close();

  private String labels() {
    return faults().stream().map(Fault::label).collect(joining(", "));
  }
}
