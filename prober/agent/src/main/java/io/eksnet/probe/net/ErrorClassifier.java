package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Classifies exceptions by what they show about the peer. Sockets on epoll carry the negative errno
 * in their message, sockets on NIO the text of strerror(3), in exceptions of various types.
 */
final class ErrorClassifier {
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-\\d{1,4}\\): ");
  private static final Pattern ERROR_NUMBER = Pattern.compile("error\\(-(\\d{1,4})\\)");
  private static final Pattern SOCKET_ADDRESS = Pattern.compile(": [^ /]*/\\S+$");

  /** What an error of a socket shows about the peer. */
  private enum Meaning {
    REFUSED,
    UNREACHABLE,
    RESET,
    TIMEOUT,
    LOCAL
  }

  /** Errors with their numbers on Linux (asm-generic/errno.h) and their texts of strerror(3). */
  private enum Errno {
    EPERM(1, "Operation not permitted", Meaning.UNREACHABLE),
    EAGAIN(11, "Resource temporarily unavailable", Meaning.LOCAL),
    ENOMEM(12, "Cannot allocate memory", Meaning.LOCAL),
    EACCES(13, "Permission denied", Meaning.UNREACHABLE),
    ENFILE(23, "Too many open files in system", Meaning.LOCAL),
    EMFILE(24, "Too many open files", Meaning.LOCAL),
    ENOSPC(28, "No space left on device", Meaning.LOCAL),
    EPIPE(32, "Broken pipe", Meaning.RESET),
    EAFNOSUPPORT(97, "Address family not supported", Meaning.UNREACHABLE),
    EADDRINUSE(98, "Address already in use", Meaning.LOCAL),
    /** No free port, or no own address of the peer's family and scope; see connect(2). */
    EADDRNOTAVAIL(99, "Cannot assign requested address", Meaning.LOCAL),
    ENETDOWN(100, "Network is down", Meaning.UNREACHABLE),
    ENETUNREACH(101, "Network is unreachable", Meaning.UNREACHABLE),
    ECONNABORTED(103, "Software caused connection abort", Meaning.RESET),
    ECONNRESET(104, "Connection reset", Meaning.RESET),
    ENOBUFS(105, "No buffer space available", Meaning.LOCAL),
    ETIMEDOUT(110, "Connection timed out", Meaning.TIMEOUT),
    ECONNREFUSED(111, "Connection refused", Meaning.REFUSED),
    EHOSTDOWN(112, "Host is down", Meaning.UNREACHABLE),
    EHOSTUNREACH(113, "No route to host", Meaning.UNREACHABLE);

    private final int number;
    private final String text;
    private final Meaning meaning;

    Errno(int number, String text, Meaning meaning) {
      this.number = number;
      this.text = text;
      this.meaning = meaning;
    }

    static Optional<Errno> find(Predicate<Errno> condition) {
      return Arrays.stream(values()).filter(condition).findFirst();
    }
  }

  private ErrorClassifier() {}

  /**
   * The {@link ProbeFailure} of the peer in {@code phase}, {@link LocalFailure} when the prober has
   * run out of something itself, or {@code error} when it is neither: a bug.
   */
  static Throwable classify(Throwable error, Phase phase) {
    for (var e = error; e != null; e = e.getCause()) {
      if (e instanceof ProbeFailure || e instanceof LocalFailure) {
        return e;
      }
      if (e instanceof OutOfMemoryError) { // of direct memory; that of the heap ends the process
        return new LocalFailure(e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
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
        return ofSocket(errno.get(), text(e), phase);
      }
    }
    if (error instanceof IOException) {
      var cause = phase == Phase.CONNECT ? Cause.UNREACHABLE : Cause.RESET;
      return new ProbeFailure(phase, cause, text(error));
    }
    return error;
  }

  private static Exception ofSocket(Errno errno, String text, Phase phase) {
    return switch (errno.meaning) {
      case REFUSED -> new ProbeFailure(phase, Cause.CONN_REFUSED, text);
      case UNREACHABLE -> new ProbeFailure(phase, Cause.UNREACHABLE, text);
      case RESET -> new ProbeFailure(phase, Cause.RESET, text);
      case TIMEOUT -> new ProbeFailure(phase, Cause.TIMEOUT, text);
      case LOCAL -> local(errno, text);
    };
  }

  /** Without the peer's address, which would make each target's error another one. */
  private static LocalFailure local(Errno errno, String text) {
    return new LocalFailure(errno.name(), SOCKET_ADDRESS.matcher(text).replaceFirst(""));
  }

  private static Optional<Errno> errno(Throwable e) {
    if (e instanceof ClosedChannelException) {
      return Optional.of(Errno.ECONNRESET);
    }
    var text = String.valueOf(e.getMessage());
    var number = ERROR_NUMBER.matcher(text);
    if (number.find()) {
      var value = Integer.parseInt(number.group(1));
      return Errno.find(known -> known.number == value);
    }
    return Errno.find(known -> text.contains(known.text))
        .or(
            () ->
                e instanceof NoRouteToHostException
                    ? Optional.of(Errno.EHOSTUNREACH)
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
    return text.startsWith("not an SSL/TLS record")
        ? "the peer does not speak TLS"
        : Handshake.alert(e).map(alert -> "the peer sent the alert " + alert).orElse(text);
  }
}
