package io.eksnet.cli;

import java.io.PrintWriter;

/** Prints a line per check, and on a terminal a status line below. */
final class Progress {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private int done;

  Progress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  synchronized void start() {
    status();
  }

  synchronized void print(Check check) {
    done++;
    out.print((terminal ? CLEAR : "") + check.line(terminal) + "\n");
    status();
  }

  synchronized void end() {
    out.print(terminal ? CLEAR : "");
    out.flush();
  }

  private void status() {
    if (terminal) {
      out.print("… " + done + " checks done, reading Kubernetes and AWS");
    }
    out.flush();
  }
}
