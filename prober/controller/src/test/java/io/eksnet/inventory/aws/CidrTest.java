package io.eksnet.inventory.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eksnet.model.Cidr;
import io.eksnet.model.inventory.Subnet;
import java.math.BigInteger;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
  private static final int CASES = 20_000;

  @Test
  void containmentAgreesWithComparingBitByBit() {
    var random = new Random(7);
    for (var i = 0; i < CASES; i++) {
      var bits = random.nextBoolean() ? 32 : 128;
      var first = new BigInteger(bits, random);
      var near = random.nextInt(4) == 0 ? first : first.flipBit(random.nextInt(bits));
      var one = new Cidr(bits, first, random.nextInt(bits + 1));
      var other = new Cidr(bits, near, random.nextInt(bits + 1));
      assertThat(one.contains(other))
          .as("%s contains %s", one, other)
          .isEqualTo(one.length() <= other.length() && sameBits(one, other, one.length()));
      assertThat(one.overlaps(other))
          .as("%s overlaps %s", one, other)
          .isEqualTo(sameBits(one, other, Math.min(one.length(), other.length())));
    }
  }

  private static boolean sameBits(Cidr one, Cidr other, int length) {
    return IntStream.range(0, length)
        .map(i -> one.bits() - 1 - i)
        .allMatch(bit -> one.first().testBit(bit) == other.first().testBit(bit));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/16, 10.0.255.255, true",
    "10.0.0.0/16, 10.1.0.0, false",
    "10.0.0.77/24, 10.0.0.1, true",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 10.0.0.1, false",
    "2001:db8::/32, 2001:db8:ffff::, true",
    "2001:db8::/32, 2001:db9::, false",
    "10.0.0.5, 10.0.0.5/32, true",
    "10.0.0.5/32, 10.0.0.0/24, false"
  })
  void aRangeContainsWhatStartsWithItsPrefix(String range, String other, boolean contained) {
    assertThat(Cidr.of(range).contains(Cidr.of(other))).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0/8", "::/129", "a.b/8", "10.0.0.0/-1"})
  void whatIsNoRangeIsNone(String text) {
    assertThat(Cidr.parse(text)).isEmpty();
    assertThatThrownBy(() -> Cidr.of(text)).hasMessageContaining("not a CIDR block");
  }

  @Test
  void usableAddressesAreTheSizeWithoutTheFiveOfAws() {
    for (var length = 16; length <= 28; length++) {
      var size = Cidr.of("10.0.0.0/" + length).size().intValueExact();
      var end = size - 1;
      var usable = IntStream.range(0, size).filter(offset -> offset > 3 && offset != end).count();
      assertThat(Subnet.usable(length)).as("/" + length).isEqualTo((int) usable);
    }
  }
}
