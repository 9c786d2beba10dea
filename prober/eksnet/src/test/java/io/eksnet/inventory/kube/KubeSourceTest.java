package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.inventory.SourceException;
import io.eksnet.model.inventory.IngressClass;
import io.eksnet.model.inventory.Inventory;
import io.eksnet.model.inventory.Resources;
import io.eksnet.model.inventory.Unavailable;
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
        Resources.INGRESS_CLASSES,
        KubeSettings.DEFAULT,
        Clock.fixed(now, ZoneOffset.UTC),
        need,
        List.of(),
        at -> CLASSES);
  }

  private static Unavailable.Why why(KubeSource<?> source) {
    return ((SourceException) source.read(Inventory.EMPTY).cause()).lack().why();
  }

  @Test
  void whatIsReadyIsRead() {
    var source = source(START.plusSeconds(30), now -> Optional.empty());
    source.refresh(START);

    assertThat(source.read(Inventory.EMPTY).result()).isEqualTo(CLASSES);
  }

  @Test
  void beforeTheFirstListNothingIsKnown() {
    assertThat(why(source(START, now -> Optional.empty()))).isEqualTo(Unavailable.Why.NOT_YET);
  }

  @Test
  void whatNobodyPutTogetherForLongIsNotToldAsKnown() {
    var source = source(START.plusSeconds(31), now -> Optional.empty());
    source.refresh(START);

    assertThat(why(source)).isEqualTo(Unavailable.Why.ERROR);

    source.confirm(START.plusSeconds(5));
    assertThat(source.read(Inventory.EMPTY).result()).isEqualTo(CLASSES);
  }

  @Test
  void whatIsMissingIsTheReason() {
    var source = source(START, now -> Optional.of(new Unavailable(Unavailable.Why.DENIED, "pods")));
    source.refresh(START);

    assertThat(why(source)).isEqualTo(Unavailable.Why.DENIED);
  }
}
