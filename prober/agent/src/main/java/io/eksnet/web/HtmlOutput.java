package io.eksnet.web;

import gg.jte.TemplateOutput;
import gg.jte.html.HtmlInterceptor;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The output of a precompiled template as a string. jte escapes values by their context; control
 * characters, which HTML does not allow even escaped, become U+FFFD.
 */
public final class HtmlOutput extends OwaspHtmlTemplateOutput {
  private static final Pattern CONTROL_CHARACTER =
      Pattern.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f]");

  private HtmlOutput(StringOutput out) {
    super(out);
  }

  /** Calls {@code template}, the {@code render} method of a generated class. */
  public static String render(BiConsumer<HtmlTemplateOutput, HtmlInterceptor> template) {
    var out = new StringOutput();
    template.accept(new HtmlOutput(out), NoInterceptor.INSTANCE);
    return out.toString();
  }

  @Override
  public void writeUserContent(@Nullable String value) {
    super.writeUserContent(
        value == null ? null : CONTROL_CHARACTER.matcher(value).replaceAll("\uFFFD"));
  }

  private enum NoInterceptor implements HtmlInterceptor {
    INSTANCE;

    @Override
    public void onHtmlTagOpened(String name, Map<String, Object> attributes, TemplateOutput out) {}

    @Override
    public void onHtmlTagClosed(String name, TemplateOutput out) {}
  }
}
