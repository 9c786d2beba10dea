package io.eksnet.inventory.aws;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls one after another, so that no source fills the queue of a service before the others. Loops
 * rather than nested futures: thousands of steps need no deep stack.
 */
final class Paginator {
  /** More pages than this is a listing that does not end, or one nobody should read. */
  static final int MOST_PAGES = 200;

  private Paginator() {}

  /**
   * The answers of {@code call} to all of {@code items}, in their order; the first failure ends it.
   */
  static <T, R> Future<List<R>> each(List<T> items, Function<T, Future<R>> call) {
    return new Each<>(items.iterator(), call).begin();
  }

  /** {@code items} in slices, for calls that take only so many names at once. */
  static <T, R> Future<List<R>> slices(
      List<T> items, int size, Function<List<T>, Future<List<R>>> call) {
    var slices = new ArrayList<List<T>>();
    for (var from = 0; from < items.size(); from += size) {
      slices.add(items.subList(from, Math.min(items.size(), from + size)));
    }
    return each(slices, call).map(lists -> lists.stream().flatMap(List::stream).toList());
  }

  /**
   * The items of all pages. An empty page with a token goes on; a token that comes twice and a
   * listing of more than {@link #MOST_PAGES} pages fail.
   *
   * @param what the operation, for the failure
   * @param page asks for the page of a token, null for the first
   * @param next the token of the page after one; null or empty: it was the last
   */
  static <P, T> Future<List<T>> pages(
      String what,
      Function<@Nullable String, Future<P>> page,
      Function<P, @Nullable String> next,
      Function<P, List<T>> items) {
    return new Pages<>(what, page, next, items).begin();
  }

  /** The answer about something named, or empty when it is gone: deleted since it was listed. */
  static <R> Future<Optional<R>> ifThere(Future<R> answer) {
    return answer
        .map(Optional::of)
        .recover(
            failure ->
                failure instanceof AwsFailure aws && aws.notFound()
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  private abstract static class Steps<R> {
    private final Promise<List<R>> promise = Promise.promise();
    final List<R> done = new ArrayList<>();

    Future<List<R>> begin() {
      go();
      return promise.future();
    }

    /** The next step under way, or null after the last. */
    abstract @Nullable Future<Void> step();

    private void go() {
      try {
        for (var step = step(); step != null; step = step()) {
          if (!step.isComplete()) {
            step.onComplete(result -> resume(result.cause()));
            return;
          }
          if (step.failed()) {
            promise.fail(step.cause());
            return;
          }
        }
        promise.complete(List.copyOf(done));
      } catch (RuntimeException e) {
        promise.tryFail(e);
      }
    }

    private void resume(@Nullable Throwable failure) {
      if (failure == null) {
        go();
      } else {
        promise.fail(failure);
      }
    }
  }

  private static final class Each<T, R> extends Steps<R> {
    private final Iterator<T> items;
    private final Function<T, Future<R>> call;

    Each(Iterator<T> items, Function<T, Future<R>> call) {
      this.items = items;
      this.call = call;
    }

    @Override
    @Nullable Future<Void> step() {
      return items.hasNext() ? call.apply(items.next()).onSuccess(done::add).mapEmpty() : null;
    }
  }

  private static final class Pages<P, T> extends Steps<T> {
    private final String what;
    private final Function<@Nullable String, Future<P>> page;
    private final Function<P, @Nullable String> next;
    private final Function<P, List<T>> items;
    private final Set<String> tokens = new HashSet<>();
    private @Nullable String token;
    private boolean last;

    Pages(
        String what,
        Function<@Nullable String, Future<P>> page,
        Function<P, @Nullable String> next,
        Function<P, List<T>> items) {
      this.what = what;
      this.page = page;
      this.next = next;
      this.items = items;
    }

    @Override
    @Nullable Future<Void> step() {
      return last ? null : page.apply(token).map(this::read).mapEmpty();
    }

    private boolean read(P page) {
      done.addAll(items.apply(page));
      token = next.apply(page);
      last = token == null || token.isEmpty();
      if (token != null && !last && !tokens.add(token)) {
        throw AwsFailure.error(
            what + ": the same page token came twice, the listing goes in circles");
      }
      if (!last && tokens.size() >= MOST_PAGES) {
        throw AwsFailure.error(what + ": more than " + MOST_PAGES + " pages");
      }
      return last;
    }
  }
}
