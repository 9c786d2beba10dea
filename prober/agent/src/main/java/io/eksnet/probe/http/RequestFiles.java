package io.eksnet.probe.http;

import io.eksnet.probe.net.LocalFailure;
import io.eksnet.probe.net.SecretFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request has from files.
 *
 * @param headers credentials, for the target's own origin only
 * @param body for the target's own origin only, as it may be a secret
 * @param proxyCredentials the value of the Proxy-Authorization header
 */
record RequestFiles(
    Map<String, String> headers, Optional<ByteBuffer> body, Optional<String> proxyCredentials) {
  static final RequestFiles NONE = new RequestFiles(Map.of(), Optional.empty(), Optional.empty());

  private static final int MAX_BODY_BYTES = 1_048_576;

  static List<Path> files(HttpSettings settings) {
    var files = new ArrayList<>(settings.headerFiles().values());
    settings.bearerTokenFile().ifPresent(files::add);
    settings.basicAuth().ifPresent(basic -> files.addAll(basic.files()));
    settings.proxyBasicAuth().ifPresent(basic -> files.addAll(basic.files()));
    settings.bodyFile().ifPresent(files::add);
    return files;
  }

  static RequestFiles read(HttpSettings settings) throws LocalFailure {
    var headers = new LinkedHashMap<String, String>();
    for (var file : settings.headerFiles().entrySet()) {
      headers.put(file.getKey(), SecretFile.header(file.getValue()));
    }
    if (settings.bearerTokenFile().isPresent()) {
      headers.put("Authorization", "Bearer " + SecretFile.header(settings.bearerTokenFile().get()));
    }
    var basic = basic(settings.basicAuth());
    basic.ifPresent(value -> headers.put("Authorization", value));
    return new RequestFiles(headers, body(settings.bodyFile()), basic(settings.proxyBasicAuth()));
  }

  RequestFiles withAuthorization(String value) {
    var all = new LinkedHashMap<>(headers);
    all.put("Authorization", value);
    return new RequestFiles(all, body, proxyCredentials);
  }

  private static Optional<String> basic(Optional<BasicAuth> basic) throws LocalFailure {
    return basic.isEmpty()
        ? Optional.empty()
        : Optional.of(ProxyAddress.basic(basic.get().credentials()));
  }

  private static Optional<ByteBuffer> body(Optional<Path> file) throws LocalFailure {
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ByteBuffer.wrap(SecretFile.bytes(file.get(), MAX_BODY_BYTES)).asReadOnlyBuffer());
  }

  @Override
  public String toString() {
    return "headers " + headers.keySet() + " from files";
  }
}
