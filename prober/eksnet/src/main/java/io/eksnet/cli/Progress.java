package io.eksnet.cli;

import java.io.PrintWriter;

/** Checks as they end: lines, and on a terminal what is under way below them. */
final class Progress {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private int ended;

  Progress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  synchronized void begin() {
    status();
  }

  synchronized void ended(Check check) {
    ended++;
    out.print((terminal ? CLEAR : "") + check.line(terminal) + "\n");
    status();
  }

  synchronized void end() {
    out.print(terminal ? CLEAR : "");
    out.flush();
  }

  private void status() {
    if (terminal) {
      out.print("… " + ended + " checks done, reading what Kubernetes and AWS know");
    }
    out.flush();
  }
}
