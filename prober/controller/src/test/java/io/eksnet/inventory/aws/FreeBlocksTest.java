package io.eksnet.inventory.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.eksnet.model.Cidr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FreeBlocksTest {
  private static final int CASES = 300;

  @ParameterizedTest
  @CsvSource({"28, 0", "27, 0", "26, 2", "24, 14", "20, 254", "16, 4094"})
  void anEmptySubnetLacksItsFirstAndLastBlock(int length, int blocks) {
    assertThat(FreeBlocks.in(Cidr.of("10.0.0.0/" + length), List.of())).isEqualTo(blocks);
  }

  @Test
  void oneAddressInEachBlockLeaves235AddressesAndNoBlock() {
    var used = IntStream.range(0, 16).mapToObj(i -> Cidr.of("10.0.3." + (i * 16 + 7))).toList();
    assertThat(FreeBlocks.in(Cidr.of("10.0.3.0/24"), used)).isZero();
    assertThat(256 - 5 - used.size()).isEqualTo(235);
  }

  @Test
  void aPrefixTakesItsWholeBlockAndNoOther() {
    var subnet = Cidr.of("10.0.3.0/24");
    assertThat(FreeBlocks.in(subnet, List.of(Cidr.of("10.0.3.32/28")))).isEqualTo(13);
    assertThat(FreeBlocks.in(subnet, List.of(Cidr.of("10.0.4.32/28")))).isEqualTo(14);
  }

  @Test
  void theCountAgreesWithTryingEachBlockAddressByAddress() {
    var random = new Random(11);
    for (var i = 0; i < CASES; i++) {
      var length = 20 + random.nextInt(9);
      var subnet = new Cidr(32, new BigInteger(32, random), length);
      var used = used(subnet, random);
      assertThat(FreeBlocks.in(subnet, used))
          .as("%s with %s", subnet, used)
          .isEqualTo(tried(subnet, used));
    }
  }

  private static List<Cidr> used(Cidr subnet, Random random) {
    var size = subnet.size().intValueExact();
    var used = new ArrayList<Cidr>();
    for (var i = random.nextInt(1 + size / 20); i > 0; i--) {
      var at = subnet.first().add(BigInteger.valueOf(random.nextInt(size)));
      used.add(new Cidr(32, at, random.nextInt(3) == 0 ? 28 : 32));
    }
    return used;
  }

  private static int tried(Cidr subnet, List<Cidr> used) {
    var size = subnet.size().intValueExact();
    var free = 0;
    for (var from = 0; from < size; from += 16) {
      var ok = true;
      for (var offset = from; offset < from + 16; offset++) {
        var address = new Cidr(32, subnet.first().add(BigInteger.valueOf(offset)), 32);
        ok &=
            offset >= 4 && offset != size - 1 && used.stream().noneMatch(u -> u.contains(address));
      }
      free += ok ? 1 : 0;
    }
    return free;
  }
}
