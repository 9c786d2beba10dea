package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Decides what an exception says about the peer. Sockets on epoll carry the negative errno in their
 * message, sockets on NIO the text of strerror(3), in exceptions of various types.
 */
final class ErrorClassifier {
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-\\d{1,4}\\): ");
  private static final Pattern ERROR_NUMBER = Pattern.compile("error\\(-(\\d{1,4})\\)");
  private static final Pattern SOCKET_ADDRESS = Pattern.compile(": [^ /]*/\\S+$");

  /** The numbers of Linux (asm-generic/errno.h). */
  private static final Map<Integer, Errno> NUMBERS =
      Map.ofEntries(
          Map.entry(1, Errno.UNREACHABLE), // EPERM
          Map.entry(12, Errno.LOCAL), // ENOMEM
          Map.entry(13, Errno.UNREACHABLE), // EACCES
          Map.entry(23, Errno.LOCAL), // ENFILE
          Map.entry(24, Errno.LOCAL), // EMFILE
          Map.entry(32, Errno.RESET), // EPIPE
          Map.entry(97, Errno.UNREACHABLE), // EAFNOSUPPORT
          Map.entry(98, Errno.LOCAL), // EADDRINUSE
          Map.entry(99, Errno.NO_ADDRESS), // EADDRNOTAVAIL
          Map.entry(100, Errno.UNREACHABLE), // ENETDOWN
          Map.entry(101, Errno.UNREACHABLE), // ENETUNREACH
          Map.entry(103, Errno.RESET), // ECONNABORTED
          Map.entry(104, Errno.RESET), // ECONNRESET
          Map.entry(105, Errno.LOCAL), // ENOBUFS
          Map.entry(110, Errno.TIMEOUT), // ETIMEDOUT
          Map.entry(111, Errno.REFUSED), // ECONNREFUSED
          Map.entry(112, Errno.UNREACHABLE), // EHOSTDOWN
          Map.entry(113, Errno.UNREACHABLE)); // EHOSTUNREACH

  private static final Map<String, Errno> TEXTS =
      Map.ofEntries(
          Map.entry("Connection refused", Errno.REFUSED),
          Map.entry("Network is unreachable", Errno.UNREACHABLE),
          Map.entry("Network is down", Errno.UNREACHABLE),
          Map.entry("No route to host", Errno.UNREACHABLE),
          Map.entry("Host is down", Errno.UNREACHABLE),
          Map.entry("Permission denied", Errno.UNREACHABLE),
          Map.entry("Operation not permitted", Errno.UNREACHABLE),
          Map.entry("Address family not supported", Errno.UNREACHABLE),
          Map.entry("Connection timed out", Errno.TIMEOUT),
          Map.entry("Connection reset", Errno.RESET),
          Map.entry("Broken pipe", Errno.RESET),
          Map.entry("Cannot assign requested address", Errno.NO_ADDRESS),
          Map.entry("Address already in use", Errno.LOCAL),
          Map.entry("Too many open files", Errno.LOCAL),
          Map.entry("No buffer space available", Errno.LOCAL),
          Map.entry("Cannot allocate memory", Errno.LOCAL));

  private enum Errno {
    REFUSED,
    UNREACHABLE,
    RESET,
    TIMEOUT,
    NO_ADDRESS,
    LOCAL
  }

  private ErrorClassifier() {}

  /**
   * The {@link ProbeFailure} of {@code peer} in {@code phase}, {@link LocalFailure} when the prober
   * has run out of something itself, or {@code error} when it is neither: a bug.
   */
  static Throwable classify(Throwable error, Phase phase, InetAddress peer) {
    for (var e = error; e != null; e = e.getCause()) {
      if (e instanceof ProbeFailure || e instanceof LocalFailure) {
        return e;
      }
      if (e instanceof SSLException && !(e.getCause() instanceof ClosedChannelException)) {
        return new ProbeFailure(Phase.TLS, Cause.TLS_HANDSHAKE, tlsText(e));
      }
      if (e instanceof PortUnreachableException) {
        return new ProbeFailure(phase, Cause.CONN_REFUSED, "port unreachable");
      }
    }
    for (var e = error; e != null; e = e.getCause()) {
      var errno = errno(e);
      if (errno.isPresent()) {
        return ofSocket(errno.get(), text(e), phase, peer);
      }
    }
    if (error instanceof IOException) {
      var cause = phase == Phase.CONNECT ? Cause.UNREACHABLE : Cause.RESET;
      return new ProbeFailure(phase, cause, text(error));
    }
    return error;
  }

  private static Exception ofSocket(Errno errno, String text, Phase phase, InetAddress peer) {
    return switch (errno) {
      case REFUSED -> new ProbeFailure(phase, Cause.CONN_REFUSED, text);
      case UNREACHABLE -> new ProbeFailure(phase, Cause.UNREACHABLE, text);
      case RESET -> new ProbeFailure(phase, Cause.RESET, text);
      case TIMEOUT -> new ProbeFailure(phase, Cause.TIMEOUT, text);
      // For IPv6 the host has no address that reaches the peer, for IPv4 no free port.
      case NO_ADDRESS ->
          peer instanceof Inet6Address
              ? new ProbeFailure(phase, Cause.UNREACHABLE, text)
              : local(text);
      case LOCAL -> local(text);
    };
  }

  /** Without the peer's address, so that the log has one line for all peers. */
  private static LocalFailure local(String text) {
    return new LocalFailure(SOCKET_ADDRESS.matcher(text).replaceFirst(""));
  }

  private static Optional<Errno> errno(Throwable e) {
    if (e instanceof ClosedChannelException) {
      return Optional.of(Errno.RESET);
    }
    var text = String.valueOf(e.getMessage());
    var number = ERROR_NUMBER.matcher(text);
    if (number.find()) {
      return Optional.ofNullable(NUMBERS.get(Integer.valueOf(number.group(1))));
    }
    return TEXTS.entrySet().stream()
        .filter(known -> text.contains(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(
            () ->
                e instanceof NoRouteToHostException
                    ? Optional.of(Errno.UNREACHABLE)
                    : Optional.empty());
  }

  /** Without the system call and its number, whose meaning the cause has. */
  private static String text(Throwable e) {
    var message = e.getMessage();
    return message == null
        ? "the peer closed the connection"
        : SYSTEM_CALL.matcher(message).replaceFirst("").replaceFirst("^null: ", "no route: ");
  }

  /** Netty quotes the peer's bytes in hex when they are no TLS record. */
  private static String tlsText(Throwable e) {
    var text = String.valueOf(e.getMessage());
    return text.startsWith("not an SSL/TLS record") ? "the peer does not speak TLS" : text;
  }
}
