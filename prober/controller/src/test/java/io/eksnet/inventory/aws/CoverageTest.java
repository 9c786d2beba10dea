package io.eksnet.inventory.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cidr;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static final int ROUNDS = 5_000;

  @Test
  void coverageIsWhatAskingForEachAddressGives() {
    var random = new Random(1);
    for (var round = 0; round < ROUNDS; round++) {
      var wanted = range(random);
      var by = IntStream.range(0, random.nextInt(6)).mapToObj(i -> range(random)).toList();

      assertThat(Coverage.of(wanted, by)).as("%s by %s", wanted, by).isEqualTo(asked(wanted, by));
    }
  }

  @Test
  void twoHalvesCoverTheWholeAndAnotherFamilyNothing() {
    var wanted = Cidr.of("10.0.0.0/24");

    assertThat(Coverage.of(wanted, List.of(Cidr.of("10.0.0.128/25"), Cidr.of("10.0.0.0/25"))))
        .isEqualTo(Coverage.ALL);
    assertThat(Coverage.of(wanted, List.of(Cidr.of("10.0.0.0/25")))).isEqualTo(Coverage.PART);
    assertThat(Coverage.of(wanted, List.of(Cidr.of("::/0"), Cidr.of("10.0.1.0/24"))))
        .isEqualTo(Coverage.NONE);
    assertThat(Coverage.of(Cidr.of("2001:db8:0:1::/64"), List.of(Cidr.of("2001:db8::/56"))))
        .isEqualTo(Coverage.ALL);
  }

  /** Ranges around 10.0.0.0/26, small enough to ask for each address. */
  private static Cidr range(Random random) {
    var length = 26 + random.nextInt(7);
    var first = BigInteger.valueOf(0x0A00_0000L + random.nextInt(128));
    return new Cidr(32, first, length);
  }

  private static Coverage asked(Cidr wanted, List<Cidr> by) {
    var size = wanted.size().intValueExact();
    var covered =
        IntStream.range(0, size)
            .mapToObj(i -> new Cidr(32, wanted.first().add(BigInteger.valueOf(i)), 32))
            .filter(address -> by.stream().anyMatch(range -> range.contains(address)))
            .count();
    return covered == size ? Coverage.ALL : covered == 0 ? Coverage.NONE : Coverage.PART;
  }
}
