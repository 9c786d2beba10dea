package io.eksnet.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Rendezvous hashing (Thaler and Ravishankar 1998): each key has a weight of its own for each
 * member and takes the members of highest weight. A member that comes or goes moves no other.
 */
final class Rendezvous {
  /** Who can be chosen. */
  record Member<T>(String name, long hash, T value) {}

  /** A member with its weight for one key. */
  record Choice<T>(Member<T> member, long weight) {
    static final Comparator<Choice<?>> BEST_FIRST =
        Comparator.<Choice<?>>comparingLong(Choice::weight)
            .reversed()
            .thenComparing(choice -> choice.member().name());
  }

  private Rendezvous() {}

  /** The members by name, so that every process orders equal weights the same way. */
  static <T> List<Member<T>> members(Collection<T> values, Function<T, String> name) {
    return values.stream()
        .map(value -> new Member<>(name.apply(value), hash(name.apply(value)), value))
        .sorted(Comparator.comparing(Member::name))
        .toList();
  }

  /** The {@code most} members that {@code key} wants first, the best first. */
  static <T> List<T> top(String key, List<Member<T>> members, int most) {
    return choices(hash(key), members, most).stream()
        .map(choice -> choice.member().value())
        .toList();
  }

  /** The same with their weights. */
  static <T> List<Choice<T>> choices(long key, List<Member<T>> members, int most) {
    var best = new ArrayList<Choice<T>>(most + 1);
    for (var member : members) {
      var weight = weight(key, member.hash());
      if (best.size() < most || weight > best.get(most - 1).weight()) {
        insert(best, new Choice<>(member, weight));
        if (best.size() > most) {
          best.remove(most);
        }
      }
    }
    return best;
  }

  private static <T> void insert(List<Choice<T>> best, Choice<T> choice) {
    var at = best.size();
    while (at > 0 && best.get(at - 1).weight() < choice.weight()) {
      at--;
    }
    best.add(at, choice);
  }

  private static long weight(long key, long member) {
    return mix(key ^ Long.rotateLeft(member, 29));
  }

  /** FNV-1a of 64 bits with a final mix. */
  static long hash(String text) {
    var h = 0xcbf29ce484222325L;
    for (var b : text.getBytes(UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    return mix(h);
  }

  /**
   * The finalizer of MurmurHash3, a bijection: members of different hashes never weigh the same.
   */
  private static long mix(long hash) {
    var h = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
