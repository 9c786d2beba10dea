package io.eksnet.agent;

import java.net.InetSocketAddress;
import java.net.URI;

/** Where the controller is. */
record ControllerAddress(String host, int port) {
  private static final int PORT = 9853;

  static ControllerAddress of(URI uri) {
    var host = uri.getHost();
    var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return new ControllerAddress(bare, uri.getPort() < 0 ? PORT : uri.getPort());
  }

  static ControllerAddress of(InetSocketAddress address) {
    return new ControllerAddress(address.getAddress().getHostAddress(), address.getPort());
  }
}
