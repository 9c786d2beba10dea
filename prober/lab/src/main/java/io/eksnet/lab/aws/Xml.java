package io.eksnet.lab.aws;

import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** An XML text in the making; elements without a value are left out. */
final class Xml {
  private final StringBuilder text = new StringBuilder();

  /** An element with a text, unless it is empty. */
  Xml text(String name, Object value) {
    var words = value.toString();
    return words.isEmpty()
        ? this
        : append("<" + name + ">").append(escaped(words)).append("</" + name + ">");
  }

  /** An element with elements in it. */
  Xml in(String name, Consumer<Xml> content) {
    append("<" + name + ">");
    content.accept(this);
    return append("</" + name.split(" ")[0] + ">");
  }

  /** A list whose elements have this name each. */
  <T> Xml list(String name, String item, Collection<T> all, BiConsumer<Xml, T> each) {
    return in(name, list -> all.forEach(one -> list.in(item, xml -> each.accept(xml, one))));
  }

  /** A list of EC2. */
  <T> Xml items(String name, Collection<T> all, BiConsumer<Xml, T> each) {
    return list(name, "item", all, each);
  }

  /** A list of texts. */
  Xml texts(String name, String item, Collection<String> all) {
    return in(name, list -> all.forEach(one -> list.text(item, one)));
  }

  /** The tags of something in EC2. */
  Xml tags(Map<String, String> tags) {
    return items(
        "tagSet",
        tags.entrySet(),
        (xml, tag) -> xml.text("key", tag.getKey()).in("value", in -> in.raw(tag.getValue())));
  }

  /** Text, escaped. */
  Xml raw(String words) {
    return append(escaped(words));
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private Xml append(String words) {
    text.append(words);
    return this;
  }

  private static String escaped(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
