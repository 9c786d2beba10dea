package io.eksnet.inventory.aws;

import io.eksnet.model.Cidr;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.Collection;

/**
 * The free aligned /28 blocks of a subnet, from which EC2 delegates prefixes. EC2 does not report
 * their number (amazon-vpc-cni-k8s #2749).
 */
final class FreeBlocks {
  private static final int BLOCK_SIZE = 16;
  private static final int RESERVED_AT_START = 4;

  private FreeBlocks() {}

  /**
   * Counts them. AWS reserves the first four addresses and the last.
   *
   * @param subnet its IPv4 range
   * @param used addresses and prefixes of interfaces; those outside of the subnet are ignored
   */
  static int in(Cidr subnet, Collection<Cidr> used) {
    var size = subnet.size().intValueExact();
    var taken = new BitSet(size);
    taken.set(0, RESERVED_AT_START);
    taken.set(size - 1);
    used.forEach(range -> mark(subnet, range, taken));
    var free = 0;
    for (var from = 0; from + BLOCK_SIZE <= size; from += BLOCK_SIZE) {
      var next = taken.nextSetBit(from);
      free += next < 0 || next >= from + BLOCK_SIZE ? 1 : 0;
    }
    return free;
  }

  private static void mark(Cidr subnet, Cidr range, BitSet taken) {
    if (range.contains(subnet)) {
      taken.set(0, subnet.size().intValueExact());
    } else if (subnet.contains(range)) {
      BigInteger offset = range.first().subtract(subnet.first());
      var from = offset.intValueExact();
      taken.set(from, from + range.size().intValueExact());
    }
  }
}
