package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the errors of TCP sockets say. Sockets on epoll carry the negative errno in their message,
 * sockets on NIO the text of strerror(3), in exceptions of various types.
 */
final class SocketErrors {
  private static final Pattern CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-\\d{1,4}\\): ");
  private static final Pattern NUMBER = Pattern.compile("error\\(-(\\d{1,4})\\)");

  /** The numbers of Linux (asm-generic/errno.h). */
  private static final Map<Integer, Errno> NUMBERS =
      Map.ofEntries(
          Map.entry(1, Errno.UNREACHABLE), // EPERM
          Map.entry(12, Errno.OURS), // ENOMEM
          Map.entry(13, Errno.UNREACHABLE), // EACCES
          Map.entry(23, Errno.OURS), // ENFILE
          Map.entry(24, Errno.OURS), // EMFILE
          Map.entry(32, Errno.RESET), // EPIPE
          Map.entry(97, Errno.UNREACHABLE), // EAFNOSUPPORT
          Map.entry(98, Errno.OURS), // EADDRINUSE
          Map.entry(99, Errno.NO_ADDRESS), // EADDRNOTAVAIL
          Map.entry(100, Errno.UNREACHABLE), // ENETDOWN
          Map.entry(101, Errno.UNREACHABLE), // ENETUNREACH
          Map.entry(103, Errno.RESET), // ECONNABORTED
          Map.entry(104, Errno.RESET), // ECONNRESET
          Map.entry(105, Errno.OURS), // ENOBUFS
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
          Map.entry("Address already in use", Errno.OURS),
          Map.entry("Too many open files", Errno.OURS),
          Map.entry("No buffer space available", Errno.OURS),
          Map.entry("Cannot allocate memory", Errno.OURS));

  private enum Errno {
    REFUSED,
    UNREACHABLE,
    RESET,
    TIMEOUT,
    NO_ADDRESS,
    OURS
  }

  private SocketErrors() {}

  /**
   * The {@link ProbeFailure} with {@code peer} in {@code phase}, or {@link LocalFailure} when the
   * prober has run out of something itself; empty for what is no error of a socket.
   */
  static Optional<Throwable> of(Throwable error, Phase phase, InetAddress peer) {
    for (var e = error; e != null; e = e.getCause()) {
      var errno = errno(e);
      if (errno.isPresent()) {
        return Optional.of(judge(errno.get(), e, phase, peer));
      }
    }
    return error instanceof IOException
        ? Optional.of(new ProbeFailure(phase, unknown(phase), text(error)))
        : Optional.empty();
  }

  private static Throwable judge(Errno errno, Throwable e, Phase phase, InetAddress peer) {
    return switch (errno) {
      case REFUSED -> new ProbeFailure(phase, Cause.CONN_REFUSED, text(e));
      case UNREACHABLE -> new ProbeFailure(phase, Cause.UNREACHABLE, text(e));
      case RESET -> new ProbeFailure(phase, Cause.RESET, text(e));
      case TIMEOUT -> new ProbeFailure(phase, Cause.TIMEOUT, text(e));
      // No address of our own that reaches an IPv6 one, else no port left.
      case NO_ADDRESS ->
          peer instanceof Inet6Address
              ? new ProbeFailure(phase, Cause.UNREACHABLE, text(e))
              : new LocalFailure(text(e));
      case OURS -> new LocalFailure(text(e));
    };
  }

  private static Optional<Errno> errno(Throwable e) {
    if (e instanceof ClosedChannelException) {
      return Optional.of(Errno.RESET);
    }
    var text = String.valueOf(e.getMessage());
    var number = NUMBER.matcher(text);
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

  private static Cause unknown(Phase phase) {
    return phase == Phase.CONNECT ? Cause.UNREACHABLE : Cause.RESET;
  }

  /** Without the name of the system call and its number; the cause says what they mean. */
  private static String text(Throwable e) {
    var message = e.getMessage();
    return message == null
        ? "the peer closed the connection"
        : CALL.matcher(message).replaceFirst("").replaceFirst("^null: ", "no route: ");
  }
}
