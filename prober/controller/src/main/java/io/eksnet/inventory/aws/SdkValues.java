package io.eksnet.inventory.aws;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Reads SDK model objects, whose members may all be null, and builds EC2 filters. */
final class SdkValues {
  /** The most values of one filter (EC2 API, "Filter"). */
  static final int MAX_FILTER_VALUES = 200;

  private SdkValues() {}

  static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  static int orZero(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  static boolean isTrue(@Nullable Boolean value) {
    return value != null && value;
  }

  static Map<String, String> tags(List<Tag> tags) {
    return tags.stream()
        .filter(tag -> tag.key() != null)
        .collect(Collectors.toMap(Tag::key, tag -> orEmpty(tag.value()), (a, b) -> a));
  }

  static Filter filter(String name, Collection<String> values) {
    return Filter.builder().name(name).values(values).build();
  }

  static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }
}
