package io.eksnet.lab.aws;

import java.util.List;
import java.util.Map;

/** Writes objects as the XML of the query protocols. */
final class AwsXml {
  private final String listElement;
  private final StringBuilder text = new StringBuilder();

  private AwsXml(String listElement) {
    this.listElement = listElement;
  }

  /**
   * A document.
   *
   * @param listElement the element name in lists: {@code item} in EC2, {@code member} elsewhere
   */
  static String render(
      String root, String namespace, String listElement, Map<String, Object> fields) {
    var xml = new AwsXml(listElement);
    xml.text
        .append('<')
        .append(root)
        .append(namespace.isEmpty() ? "" : " xmlns=\"" + namespace + "\"")
        .append('>');
    xml.content(fields);
    return xml.text.append("</").append(root).append('>').toString();
  }

  private void content(Object value) {
    if (value instanceof Map<?, ?> fields) {
      fields.forEach((name, field) -> element(String.valueOf(name), field));
    } else if (value instanceof List<?> list) {
      list.forEach(item -> element(listElement, item));
    } else {
      text.append(value.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }
  }

  private void element(String name, Object value) {
    text.append('<').append(name).append('>');
    content(value);
    text.append("</").append(name).append('>');
  }
}
