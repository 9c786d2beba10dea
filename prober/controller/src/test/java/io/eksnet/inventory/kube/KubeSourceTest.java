package io.eksnet.inventory.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.inventory.Permission;
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

  private Optional<Unavailable> lack = Optional.empty();
  private Object version = "a";
  private boolean failing;
  private int computed;

  private KubeSource<List<IngressClass>> source(Instant now) {
    return new KubeSource<>(
        Resources.INGRESS_CLASSES,
        KubeSettings.DEFAULT,
        Clock.fixed(now, ZoneOffset.UTC),
        new TestInputs(),
        at -> {
          if (failing) {
            throw new IllegalStateException("in the test");
          }
          computed++;
          return CLASSES;
        });
  }

  private final class TestInputs implements KubeSource.Inputs {
    @Override
    public Optional<Unavailable> lack(Instant now) {
      return lack;
    }

    @Override
    public Optional<Instant> goodUntil(Instant now) {
      return lack.map(unavailable -> START.minusSeconds(150));
    }

    @Override
    public Object version(Instant now) {
      return version;
    }

    @Override
    public List<Permission> permissions() {
      return List.of();
    }
  }

  private static Unavailable.Reason why(KubeSource<?> source) {
    return ((SourceException) source.read(Inventory.EMPTY).cause()).lack().reason();
  }

  @Test
  void readsTheLastResult() {
    var source = source(START.plusSeconds(30));
    source.update(START);

    assertThat(source.read(Inventory.EMPTY).result()).isEqualTo(CLASSES);
  }

  @Test
  void isUnavailableBeforeTheFirstUpdate() {
    assertThat(why(source(START))).isEqualTo(Unavailable.Reason.NOT_YET);
  }

  @Test
  void isUnavailableWhenTheLastUpdateIsTooOld() {
    var source = source(START.plusSeconds(31));
    source.update(START);

    assertThat(why(source)).isEqualTo(Unavailable.Reason.ERROR);

    source.update(START.plusSeconds(5));
    assertThat(source.read(Inventory.EMPTY).result()).isEqualTo(CLASSES);
  }

  @Test
  void isUnavailableForTheReasonOfItsInputs() {
    lack = Optional.of(new Unavailable(Unavailable.Reason.DENIED, "pods"));
    var source = source(START);
    source.update(START);

    assertThat(why(source)).isEqualTo(Unavailable.Reason.DENIED);
    assertThat(((SourceException) source.read(Inventory.EMPTY).cause()).goodUntil())
        .contains(START.minusSeconds(150));
  }

  @Test
  void computesOnlyAfterAChangeOrWhenTheResultIsOld() {
    var source = source(START);
    source.update(START);
    source.update(START.plusSeconds(10));
    assertThat(computed).isEqualTo(1);

    version = "b";
    source.update(START.plusSeconds(11));
    assertThat(computed).isEqualTo(2);

    source.update(START.plusSeconds(22));
    assertThat(computed).isEqualTo(3);
  }

  @Test
  void computesAgainAfterAnErrorAndIsNotConfirmedMeanwhile() {
    var source = source(START.plusSeconds(33));
    source.update(START);
    failing = true;
    version = "b";
    assertThatThrownBy(() -> source.update(START.plusSeconds(4))).hasMessage("in the test");
    assertThatThrownBy(() -> source.update(START.plusSeconds(5))).hasMessage("in the test");
    version = "a";
    assertThatThrownBy(() -> source.update(START.plusSeconds(6))).hasMessage("in the test");
    assertThat(why(source)).isEqualTo(Unavailable.Reason.ERROR);

    failing = false;
    source.update(START.plusSeconds(7));

    assertThat(computed).isEqualTo(2);
    assertThat(source.read(Inventory.EMPTY).result()).isEqualTo(CLASSES);
  }
}
