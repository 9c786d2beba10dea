package io.eksnet.probe.net;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.Cause;
import io.eksnet.model.Family;
import io.eksnet.model.Note;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.Part;
import io.eksnet.model.Phase;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The step of a run from a host to its addresses; an address literal passes no phase. */
public final class Lookup {
  private static final Set<Cause> CONNECTION_CAUSES =
      EnumSet.of(Cause.CONN_REFUSED, Cause.TIMEOUT, Cause.UNREACHABLE, Cause.RESET);

  /** The causes of every run that resolves a name and then connects. */
  public static final Set<Cause> CAUSES =
      Collections.unmodifiableSet(
          EnumSet.of(
              Cause.CONN_REFUSED,
              Cause.TIMEOUT,
              Cause.UNREACHABLE,
              Cause.RESET,
              Cause.NXDOMAIN,
              Cause.SERVFAIL,
              Cause.REFUSED_RCODE,
              Cause.NODATA,
              Cause.TRUNCATED,
              Cause.WRONG_ANSWER));

  private static final int MAX_ADDRESSES = 16;

  private Lookup() {}

  /** The causes of runs that connect to this host: an address literal is not resolved. */
  public static EnumSet<Cause> causes(String host, Family family) {
    var literal = AddressLiteral.parse(host);
    return EnumSet.copyOf(
        literal.isPresent() && family.admits(literal.get()) ? CONNECTION_CAUSES : CAUSES);
  }

  /** Continues with the first address of {@code host}. */
  public static void first(Run run, String host, Family family, Consumer<InetAddress> step) {
    all(run, host, family, addresses -> step.accept(addresses.get(0)));
  }

  /**
   * Continues with the first address, or with a run for each address, at the same time, whose
   * outcomes are the parts of {@link Outcome.Several}.
   */
  public static void each(
      Run run,
      String host,
      Family family,
      AddressSelection selection,
      BiConsumer<Run, InetAddress> work) {
    if (selection == AddressSelection.ONE) {
      first(run, host, family, address -> work.accept(run, address));
    } else {
      all(run, host, family, addresses -> fork(run, addresses, work));
    }
  }

  private static void fork(
      Run run, List<InetAddress> addresses, BiConsumer<Run, InetAddress> work) {
    var probed = addresses.stream().distinct().limit(MAX_ADDRESSES).toList();
    if (probed.size() < addresses.size()) {
      run.trace("probed", "the first " + probed.size() + " of " + addresses.size() + " addresses");
    }
    var parts = new ArrayList<Future<Part>>();
    for (var address : probed) {
      parts.add(
          run.fork(part -> work.accept(part, address))
              .map(outcome -> new Part(AddressLiteral.text(address), outcome)));
    }
    Future.all(parts)
        .onSuccess(
            done -> run.conclude(new Outcome.Several(parts.stream().map(Future::result).toList())));
  }

  private static void all(Run run, String host, Family family, Consumer<List<InetAddress>> step) {
    var literal = AddressLiteral.parse(host);
    if (literal.isPresent()) {
      if (family.admits(literal.get())) {
        checked(run, host, List.of(literal.get()), step);
      } else {
        run.fail(Phase.RESOLVE, Cause.NODATA, host + " is not an address of family " + family);
      }
      return;
    }
    if (AddressLiteral.hasZone(host)) {
      run.fail(new LocalFailure("this host lacks the interface of " + host));
      return;
    }
    run.enter(Phase.RESOLVE);
    run.await(
        run.network().resolver().resolve(run, host, run.network().reachable(family)),
        addresses -> {
          run.leave();
          run.trace(
              "addresses",
              addresses.stream().map(AddressLiteral::text).collect(Collectors.joining(", ")));
          run.note(new Note.Resolved(addresses));
          checked(run, host, addresses, step);
        });
  }

  /** One address that is not allowed rejects the whole response: its sender is not trustworthy. */
  private static void checked(
      Run run, String host, List<InetAddress> addresses, Consumer<List<InetAddress>> step) {
    for (var address : addresses) {
      if (!run.network().allows(address)) {
        run.fail(
            Phase.RESOLVE,
            Cause.WRONG_ANSWER,
            host + " resolves to " + AddressLiteral.text(address) + ", which plans may not probe");
        return;
      }
    }
    step.accept(addresses);
  }
}
