package io.eksnet.fuzz;

/** The entry of Jazzer: {@code --target_class=io.eksnet.fuzz.Fuzz --target_args=PARSER}. */
public final class Fuzz {
  private static volatile Parser parser = Parsers.all().get(0);

  private Fuzz() {}

  public static void fuzzerInitialize(String[] arguments) {
    parser =
        Parsers.all().stream()
            .filter(known -> known.name().equals(arguments[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("known are " + Parsers.all()));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    parser.read().accept(input);
  }
}
