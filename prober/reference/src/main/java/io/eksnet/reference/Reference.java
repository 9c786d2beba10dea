package io.eksnet.reference;

import io.eksnet.model.KindSpec;
import io.eksnet.model.MetricSpec;
import io.eksnet.reference.alerts.AlertsPage;
import io.eksnet.reference.alerts.Monitoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Generated files, such as the pages of {@code docs/reference}. */
public final class Reference {
  private Reference() {}

  /** All pages: name of the file to content. */
  public static Map<String, String> pages(
      List<? extends KindSpec<?>> kinds,
      List<MetricSpec> metrics,
      List<Purpose> purposes,
      Monitoring monitoring) {
    var pages = new TreeMap<String, String>();
    pages.put("alerts.md", AlertsPage.markdown(monitoring));
    pages.put("annotations.md", AnnotationsPage.markdown());
    pages.put("causes.md", CausesPage.markdown(kinds));
    pages.put("config.md", ConfigPage.markdown(kinds));
    pages.put("config.schema.json", ConfigSchema.json(kinds));
    pages.put("metrics.md", MetricsPage.markdown(metrics));
    pages.put("permissions.md", PermissionsPage.markdown(purposes));
    return pages;
  }

  /** The files in {@code directory} that are missing, differ, or should not be there. */
  public static List<String> stale(Path directory, Map<String, String> pages) throws IOException {
    var stale = new TreeSet<>(names(directory));
    stale.removeAll(pages.keySet());
    stale.addAll(staleAmongOthers(directory, pages));
    return List.copyOf(stale);
  }

  /** Those of these files that are missing or differ, in a directory that holds others too. */
  static List<String> staleAmongOthers(Path directory, Map<String, String> pages)
      throws IOException {
    var stale = new TreeSet<String>();
    for (var page : pages.entrySet()) {
      var file = directory.resolve(page.getKey());
      if (!Files.exists(file) || !Files.readString(file).equals(page.getValue())) {
        stale.add(page.getKey());
      }
    }
    return List.copyOf(stale);
  }

  /** Writes these pages to {@code directory}; what else is there stays, and is stale. */
  public static void write(Path directory, Map<String, String> pages) throws IOException {
    Files.createDirectories(directory);
    for (var page : pages.entrySet()) {
      Files.writeString(directory.resolve(page.getKey()), page.getValue());
    }
  }

  private static List<String> names(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
