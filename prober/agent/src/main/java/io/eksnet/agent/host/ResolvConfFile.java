package io.eksnet.agent.host;

import io.eksnet.model.AddressLiteral;
import io.eksnet.model.ResolvConf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Parses resolv.conf(5). */
public final class ResolvConfFile {
  /** MAXNS of resolv.h: the libc never queries further name servers. */
  private static final int MAX_NAMESERVERS = 3;

  private static final int MAX_NDOTS = 15;
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern NDOTS = Pattern.compile("ndots:(\\d{1,9})");

  private final List<String> nameservers = new ArrayList<>();
  private List<String> search = List.of();
  private int ndots = 1;

  private ResolvConfFile() {}

  /** Parses {@code text}; ignores invalid lines, as the libc does. */
  public static ResolvConf parse(String text) {
    var file = new ResolvConfFile();
    text.lines().map(ResolvConfFile::words).filter(words -> words.size() > 1).forEach(file::line);
    return new ResolvConf(
        file.nameservers.isEmpty() ? List.of("127.0.0.1") : file.nameservers,
        file.search,
        file.ndots);
  }

  private static List<String> words(String line) {
    return Arrays.stream(BLANKS.split(line.strip()))
        .takeWhile(word -> !word.startsWith("#") && !word.startsWith(";"))
        .toList();
  }

  private void line(List<String> words) {
    var values = words.subList(1, words.size());
    switch (words.get(0)) {
      case "nameserver" -> nameserver(values.get(0));
      case "domain" -> search = List.of(suffix(values.get(0)));
      case "search" -> search = values.stream().map(ResolvConfFile::suffix).toList();
      case "options" -> values.forEach(this::option);
      default -> {} // sortlist, lookup, family: not used here
    }
  }

  private void nameserver(String address) {
    if (nameservers.size() < MAX_NAMESERVERS && AddressLiteral.parse(address).isPresent()) {
      nameservers.add(address);
    }
  }

  private void option(String option) {
    var matcher = NDOTS.matcher(option);
    if (matcher.matches()) {
      ndots = Math.min(MAX_NDOTS, Integer.parseInt(matcher.group(1)));
    }
  }

  private static String suffix(String domain) {
    return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
  }
}
