package io.eksnet.cli;

import io.eksnet.lab.Bind;
import io.eksnet.lab.DnsFault;
import io.eksnet.lab.Unreachable;
import io.eksnet.model.Cause;
import java.util.Locale;

/** The fault of the name server of resolv.conf, and the cause that a lookup then reports. */
enum Names {
  /** No name that is probed needs one. */
  UNASKED(DnsFault.NONE, Cause.TIMEOUT),
  CLOSED(DnsFault.REFUSE, Cause.CONN_REFUSED),
  SILENT(DnsFault.DROP, Cause.TIMEOUT),
  UNROUTABLE(DnsFault.NONE, Cause.UNREACHABLE),
  WITHOUT_NAME(DnsFault.NXDOMAIN, Cause.NXDOMAIN),
  WITHOUT_RECORD(DnsFault.NODATA, Cause.NODATA),
  BROKEN(DnsFault.SERVFAIL, Cause.SERVFAIL),
  UNWILLING(DnsFault.REFUSED, Cause.REFUSED_RCODE),
  PUZZLED(DnsFault.FORMERR, Cause.WRONG_ANSWER),
  CUT(DnsFault.TRUNCATE_TCP_REFUSED, Cause.TRUNCATED),
  CUT_AND_RESET(DnsFault.TCP_RESET, Cause.TRUNCATED);

  /** Where resolv.conf can name a server only. */
  static final int PORT = 53;

  private final DnsFault fault;
  private final Cause cause;

  Names(DnsFault fault, Cause cause) {
    this.fault = fault;
    this.cause = cause;
  }

  Cause cause() {
    return cause;
  }

  /** Opens the server and returns its address. */
  String open(Site site) {
    if (this == UNASKED) {
      return "127.0.0.1";
    }
    if (this == UNROUTABLE) {
      return Unreachable.IPV4;
    }
    var address = "127.0.53." + (1 + ordinal());
    site.dns(fault, Bind.on(PORT, address));
    return address;
  }

  String suffix() {
    return this == UNASKED
        ? ""
        : " with names " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
