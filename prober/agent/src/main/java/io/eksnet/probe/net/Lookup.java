package io.eksnet.probe.net;

import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Part;
import io.eksnet.model.Phase;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The step of a run from the host to its addresses; a literal passes no phase. */
public final class Lookup {
  /** More addresses of one name are not probed. */
  public static final int MOST = 16;

  private Lookup() {}

  /** Goes on with the first address of {@code host}. */
  public static void first(Run run, String host, Family family, Consumer<InetAddress> step) {
    all(run, host, family, addresses -> step.accept(addresses.get(0)));
  }

  /**
   * Goes on with the first address, or with a run for each of them whose outcomes are the parts of
   * {@link Outcome.Several}.
   */
  public static void each(
      Run run, String host, Family family, Addresses which, BiConsumer<Run, InetAddress> work) {
    if (which == Addresses.ONE) {
      first(run, host, family, address -> work.accept(run, address));
    } else {
      all(run, host, family, addresses -> split(run, addresses, work));
    }
  }

  private static void split(
      Run run, List<InetAddress> addresses, BiConsumer<Run, InetAddress> work) {
    var few = addresses.stream().distinct().limit(MOST).toList();
    if (few.size() < addresses.size()) {
      run.saw("probed", "the first " + few.size() + " addresses of " + addresses.size());
    }
    var parts = new ArrayList<Future<Part>>();
    for (var address : few) {
      parts.add(
          run.fork(part -> work.accept(part, address))
              .map(outcome -> new Part(address.getHostAddress(), outcome)));
    }
    Future.all(parts)
        .onSuccess(
            done -> run.conclude(new Outcome.Several(parts.stream().map(Future::result).toList())));
  }

  private static void all(Run run, String host, Family family, Consumer<List<InetAddress>> step) {
    var literal = Literals.parse(host);
    if (literal.isPresent()) {
      try {
        var addresses = Literals.resolve(literal.get(), host, family);
        bound(run, host, addresses);
        step.accept(addresses);
      } catch (ProbeFailure e) {
        run.fail(e);
      }
      return;
    }
    run.enter(Phase.RESOLVE);
    run.await(
        run.network().resolver().resolve(host, family, run.deadline()),
        addresses -> {
          run.leave();
          run.saw("addresses", text(addresses));
          run.note(new Note.Resolved(addresses));
          try {
            bound(run, host, addresses);
          } catch (ProbeFailure e) {
            run.fail(e);
            return;
          }
          step.accept(addresses);
        });
  }

  /** One address out of reach spoils the answer: whoever gave it is not to be trusted. */
  private static void bound(Run run, String host, List<InetAddress> addresses) throws ProbeFailure {
    for (var address : addresses) {
      if (!run.network().reaches(address)) {
        throw new ProbeFailure(
            Phase.RESOLVE,
            Cause.WRONG_ANSWER,
            host + " leads to " + address.getHostAddress() + ", where no plan may lead");
      }
    }
  }

  private static String text(List<InetAddress> addresses) {
    return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
  }
}
