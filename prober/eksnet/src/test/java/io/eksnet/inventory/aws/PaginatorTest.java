package io.eksnet.inventory.aws;

import static io.eksnet.inventory.aws.Heard.await;
import static io.eksnet.inventory.aws.Heard.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.inventory.Unavailable.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaginatorTest {
  private record Page(List<String> items, String next) {}

  @Test
  void anEmptyPageWithATokenGoesOn() throws Exception {
    var pages =
        Map.of(
            "first", new Page(List.of("a"), "2"),
            "2", new Page(List.of(), "3"),
            "3", new Page(List.of("b"), ""));
    assertThat(await(all(pages))).containsExactly("a", "b");
  }

  @Test
  void aTokenThatComesTwiceIsAnError() throws Exception {
    var pages = Map.of("first", new Page(List.of("a"), "2"), "2", new Page(List.of("b"), "2"));
    assertThat(failure(all(pages)))
        .hasMessage("List: the same page token came twice, the listing goes in circles");
  }

  @Test
  void aListingThatDoesNotEndIsAnError() throws Exception {
    var asked = new AtomicInteger();
    Future<List<String>> endless =
        Paginator.pages(
            "List",
            token -> Future.succeededFuture("page-" + asked.incrementAndGet()),
            page -> page,
            page -> List.of());
    assertThat(failure(endless)).hasMessage("List: more than 200 pages");
    assertThat(asked).hasValue(200);
  }

  @Test
  void aFailedPageFailsTheListing() throws Exception {
    var denied = new AwsFailure(Reason.DENIED, "AccessDenied", "no");
    Future<List<String>> listing =
        Paginator.pages(
            "List",
            token -> token == null ? Future.succeededFuture("2") : Future.failedFuture(denied),
            page -> page,
            page -> List.of("a"));
    assertThat(failure(listing)).isSameAs(denied);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyStepsNeedNoDeepStack(boolean elsewhere) throws Exception {
    var items = IntStream.range(0, 20_000).boxed().toList();
    var steps =
        Paginator.each(items, item -> elsewhere ? later(item) : Future.succeededFuture(item));
    assertThat(await(steps)).isEqualTo(items);
  }

  @Test
  void theNextStepBeginsWhenTheLastHasEnded() throws Exception {
    var under = new AtomicInteger();
    var most = new ArrayList<Integer>();
    await(
        Paginator.each(
            List.of(1, 2, 3),
            item -> {
              most.add(under.incrementAndGet());
              return later(item).onComplete(done -> under.decrementAndGet());
            }));
    assertThat(most).containsExactly(1, 1, 1);
  }

  @Test
  void slicesHaveNoMoreThanTheirSizeAndLoseNothing() throws Exception {
    var items = IntStream.range(0, 450).boxed().toList();
    var sizes = new ArrayList<Integer>();
    var all =
        Paginator.slices(
            items,
            200,
            slice -> {
              sizes.add(slice.size());
              return Future.succeededFuture(slice);
            });
    assertThat(await(all)).isEqualTo(items);
    assertThat(sizes).containsExactly(200, 200, 50);
  }

  @Test
  void whatIsGoneIsLeftOutAndWhatFailsIsNot() throws Exception {
    var gone = new AwsFailure(Reason.ERROR, "ResourceNotFoundException", "no such add-on");
    var denied = new AwsFailure(Reason.DENIED, "AccessDeniedException", "no");
    assertThat(await(Paginator.ifThere(Future.failedFuture(gone)))).isEmpty();
    assertThat(await(Paginator.ifThere(Future.succeededFuture("a")))).contains("a");
    assertThat(failure(Paginator.ifThere(Future.failedFuture(denied)))).isSameAs(denied);
  }

  private static <T> Future<T> later(T value) {
    var promise = Promise.<T>promise();
    CompletableFuture.runAsync(() -> promise.complete(value));
    return promise.future();
  }

  private static Future<List<String>> all(Map<String, Page> pages) {
    return Paginator.pages(
        "List",
        token -> Future.succeededFuture(pages.get(token == null ? "first" : token)),
        Page::next,
        Page::items);
  }
}
