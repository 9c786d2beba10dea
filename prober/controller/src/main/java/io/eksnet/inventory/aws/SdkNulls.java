package io.eksnet.inventory.aws;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Tag;

/** What AWS said, where it may have said nothing. */
final class SdkNulls {
  private SdkNulls() {}

  static String text(@Nullable String said) {
    return said == null ? "" : said;
  }

  static boolean yes(@Nullable Boolean said) {
    return said != null && said;
  }

  static Map<String, String> tags(Iterable<Tag> tags) {
    return stream(tags)
        .filter(tag -> tag.key() != null)
        .collect(Collectors.toMap(Tag::key, tag -> text(tag.value()), (one, other) -> one));
  }

  /** A filter of EC2; it takes at most 200 values (EC2 API, "Filter"). */
  static Filter filter(String name, Iterable<String> values) {
    return Filter.builder().name(name).values(stream(values).toList()).build();
  }

  static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }

  private static <T> Stream<T> stream(Iterable<T> items) {
    return StreamSupport.stream(items.spliterator(), false);
  }
}
