package io.eksnet.fact.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.core.inventory.IngressClass;
import io.eksnet.core.inventory.Inventory;
import io.eksnet.core.inventory.Lack;
import io.eksnet.core.inventory.Parts;
import io.eksnet.fact.api.FactFailure;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KubeSourceTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final List<IngressClass> CLASSES =
      List.of(new IngressClass("alb", "ingress.k8s.aws/alb", true));

  private static KubeSource<List<IngressClass>> source(Instant now, Need need) {
    return new KubeSource<>(
        Parts.INGRESS_CLASSES,
        KubeSettings.DEFAULT,
        Clock.fixed(now, ZoneOffset.UTC),
        need,
        List.of(),
        at -> CLASSES);
  }

  private static Lack.Why why(KubeSource<?> source) {
    return ((FactFailure) source.read(Inventory.EMPTY).cause()).lack().why();
  }

  @Test
  void whatIsReadyIsRead() {
    var source = source(START.plusSeconds(30), now -> Optional.empty());
    source.refresh(START);

    assertThat(source.read(Inventory.EMPTY).result()).isEqualTo(CLASSES);
  }

  @Test
  void beforeTheFirstListNothingIsKnown() {
    assertThat(why(source(START, now -> Optional.empty()))).isEqualTo(Lack.Why.NOT_YET);
  }

  @Test
  void whatNobodyPutTogetherForLongIsNotToldAsKnown() {
    var source = source(START.plusSeconds(31), now -> Optional.empty());
    source.refresh(START);

    assertThat(why(source)).isEqualTo(Lack.Why.ERROR);

    source.confirm(START.plusSeconds(5));
    assertThat(source.read(Inventory.EMPTY).result()).isEqualTo(CLASSES);
  }

  @Test
  void whatIsMissingIsTheReason() {
    var source = source(START, now -> Optional.of(new Lack(Lack.Why.DENIED, "pods")));
    source.refresh(START);

    assertThat(why(source)).isEqualTo(Lack.Why.DENIED);
  }
}
