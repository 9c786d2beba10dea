package io.eksnet.probe.http;

import io.eksnet.probe.net.LocalFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Headers with credentials from files, for the target's own origin only. */
record CredentialHeaders(Map<String, String> headers) {
  static final CredentialHeaders NONE = new CredentialHeaders(Map.of());

  private static final int MAX_BYTES = 8192;

  static List<Path> files(HttpSettings settings) {
    var files = new ArrayList<>(settings.headerFiles().values());
    settings.bearerTokenFile().ifPresent(files::add);
    settings.basicAuth().ifPresent(basic -> files.add(basic.passwordFile()));
    return files;
  }

  static CredentialHeaders read(HttpSettings settings) throws LocalFailure {
    var headers = new LinkedHashMap<String, String>();
    for (var file : settings.headerFiles().entrySet()) {
      headers.put(file.getKey(), header(file.getValue()));
    }
    if (settings.bearerTokenFile().isPresent()) {
      headers.put("Authorization", "Bearer " + header(settings.bearerTokenFile().get()));
    }
    if (settings.basicAuth().isPresent()) {
      var basic = settings.basicAuth().get();
      var pair = basic.username() + ":" + text(basic.passwordFile());
      var encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
      headers.put("Authorization", "Basic " + encoded);
    }
    return new CredentialHeaders(headers);
  }

  private static String header(Path file) throws LocalFailure {
    var value = text(file);
    if (!Headers.isValue(value)) {
      throw new LocalFailure(
          "the file " + file + " must hold one line that can be sent in a header");
    }
    return value;
  }

  /** The content without the line end that editors add. */
  private static String text(Path file) throws LocalFailure {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new LocalFailure("the file " + file + " is too long for a secret in a header");
      }
      return Files.readString(file).replaceFirst("[\\r\\n]+\\z", "");
    } catch (IOException e) {
      throw new LocalFailure("the file " + file + " cannot be read as text");
    }
  }

  @Override
  public String toString() {
    return "credentials in " + headers.keySet();
  }
}
