package io.eksnet.lab.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lab's cluster as a program; the argument is where its kubeconfig is written. */
public final class Main {
  private Main() {}

  /** Runs until a signal comes. */
  public static void main(String[] args) throws IOException, InterruptedException {
    // Netty and fabric8 log through slf4j, and the lab has nothing to say there.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    var work = Path.of(args.length > 0 ? args[0] : "target/lab").toAbsolutePath().normalize();
    long began = System.nanoTime();
    try (var lab = ClusterLab.start()) {
      Files.createDirectories(work);
      var kubeconfig = lab.writeKubeconfig(work.resolve("kubeconfig"));
      lab.certificates().write(work);
      System.out.printf(
          "%nThe cluster stands after %d ms.%n%n%skubeconfig           %s%n%nCtrl-C ends it.%n",
          (System.nanoTime() - began) / 1_000_000, lab.guide(), kubeconfig);
      Thread.currentThread().join();
    }
  }
}
