package io.eksnet.agent.host;

import io.eksnet.model.AddressLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Parses hosts(5). */
public final class HostsFile {
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private HostsFile() {}

  /** The addresses of each name in the order of the lines; names in lower case, without a dot. */
  public static Map<String, List<InetAddress>> parse(String text) {
    var hosts = new LinkedHashMap<String, List<InetAddress>>();
    text.lines().map(HostsFile::words).forEach(words -> line(words, hosts));
    hosts.replaceAll((name, addresses) -> List.copyOf(addresses));
    return hosts;
  }

  private static List<String> words(String line) {
    var comment = line.indexOf('#');
    var content = comment < 0 ? line : line.substring(0, comment);
    return Arrays.asList(BLANKS.split(content.strip()));
  }

  private static void line(List<String> words, Map<String, List<InetAddress>> hosts) {
    AddressLiteral.parse(words.get(0))
        .ifPresent(
            address ->
                words.stream()
                    .skip(1)
                    .map(HostsFile::name)
                    .distinct()
                    .forEach(
                        name -> hosts.computeIfAbsent(name, n -> new ArrayList<>()).add(address)));
  }

  private static String name(String word) {
    var lower = word.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
