package io.eksnet.inventory.aws;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.Collection;

/**
 * The free aligned blocks of 16 addresses in a subnet: what a prefix for the VPC CNI needs. EC2
 * does not tell their number (amazon-vpc-cni-k8s issue 2749), so it is counted.
 */
final class FreeBlocks {
  private static final int BLOCK = 16;
  private static final int FIRST_RESERVED = 4;

  private FreeBlocks() {}

  /**
   * How many there are. The first four addresses and the last belong to AWS.
   *
   * @param subnet its IPv4 range
   * @param used addresses and prefixes of interfaces; those elsewhere do not matter
   */
  static int in(Cidr subnet, Collection<Cidr> used) {
    var size = subnet.size().intValueExact();
    var taken = new BitSet(size);
    taken.set(0, FIRST_RESERVED);
    taken.set(size - 1);
    used.forEach(range -> take(subnet, range, taken));
    var free = 0;
    for (var from = 0; from + BLOCK <= size; from += BLOCK) {
      var next = taken.nextSetBit(from);
      free += next < 0 || next >= from + BLOCK ? 1 : 0;
    }
    return free;
  }

  private static void take(Cidr subnet, Cidr range, BitSet taken) {
    if (range.contains(subnet)) {
      taken.set(0, subnet.size().intValueExact());
    } else if (subnet.contains(range)) {
      BigInteger offset = range.first().subtract(subnet.first());
      var from = offset.intValueExact();
      taken.set(from, from + range.size().intValueExact());
    }
  }
}
