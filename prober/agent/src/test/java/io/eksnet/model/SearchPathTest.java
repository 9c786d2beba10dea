package io.eksnet.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SearchPathTest {
  private static final ResolvConf POD =
      new ResolvConf(
          List.of("10.100.0.10"),
          List.of(
              "shop.svc.cluster.local",
              "svc.cluster.local",
              "cluster.local",
              "eu-west-1.compute.internal"),
          5);
  private static final ResolvConf HOST = new ResolvConf(List.of("10.0.0.2"), List.of("corp"), 1);

  @Test
  void aNameWithFewDotsIsSearchedFirst() {
    assertThat(SearchPath.names("example.com", POD))
        .containsExactly(
            "example.com.shop.svc.cluster.local.",
            "example.com.svc.cluster.local.",
            "example.com.cluster.local.",
            "example.com.eu-west-1.compute.internal.",
            "example.com.");
  }

  @Test
  void aNameWithEnoughDotsIsTriedAsItIsFirst() {
    assertThat(SearchPath.names("example.com", HOST))
        .containsExactly("example.com.", "example.com.corp.");
    assertThat(SearchPath.names("a.b.c.d.e.f", POD)).startsWith("a.b.c.d.e.f.").hasSize(5);
    assertThat(SearchPath.names("host", HOST)).containsExactly("host.corp.", "host.");
  }

  @Test
  void aTrailingDotEndsTheSearch() {
    assertThat(SearchPath.names("example.com.", POD)).containsExactly("example.com.");
  }

  @Test
  void theRootAsSuffixIsTheNameItself() {
    var root = new ResolvConf(List.of("10.0.0.2"), List.of(""), 1);
    assertThat(SearchPath.names("example.com", root)).containsExactly("example.com.");
  }

  @Test
  void eachNameBeforeTheUsefulOneCostsTwoQueries() {
    assertThat(SearchPath.queriesBefore("example.com", "example.com.", POD))
        .isEqualTo(OptionalInt.of(8));
    assertThat(SearchPath.queriesBefore("example.com", "example.com.", HOST))
        .isEqualTo(OptionalInt.of(0));
    assertThat(SearchPath.queriesBefore("db", "db.shop.svc.cluster.local.", POD))
        .isEqualTo(OptionalInt.of(0));
    assertThat(
            SearchPath.queriesBefore(
                "kubernetes.default.svc", "kubernetes.default.svc.cluster.local.", POD))
        .isEqualTo(OptionalInt.of(4));
    assertThat(SearchPath.queriesBefore("db", "db.shop.svc.cluster.local.", HOST)).isEmpty();
  }
}
