package io.eksnet.probe.http;

import io.eksnet.config.InvalidSettingException;
import io.eksnet.config.Setting;
import io.eksnet.probe.net.TlsSettings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A bearer token by the client credentials grant (RFC 6749 section 4.4). */
public record OAuth2Settings(
    @Setting(value = "The client identifier.", required = true, min = 1, example = "eksnet")
        String clientId,
    @Setting(
            value = "A file with the client secret; reloaded when it changes.",
            required = true,
            example = "/etc/eksnet/client-secret")
        Path clientSecretFile,
    @Setting(
            value = "The URL of the token endpoint.",
            required = true,
            example = "https://login.example.com/oauth2/token")
        String tokenUrl,
    @Setting(value = "The scopes to request.", fallback = "[]", example = "[health.read]")
        List<String> scopes,
    @Setting(
            value = "More parameters of the token request.",
            fallback = "{}",
            example = "{audience: shop}")
        Map<String, String> endpointParams,
    @Setting(value = "TLS settings for the token endpoint.", fallback = "{}") TlsSettings tls) {
  public OAuth2Settings {
    scopes = List.copyOf(scopes);
    endpointParams = Collections.unmodifiableMap(new LinkedHashMap<>(endpointParams));
    InvalidSettingException.check("token_url", () -> Url.parse(tokenUrl));
    if (tls.insecureSkipVerify()) {
      throw new InvalidSettingException(
          "tls.insecure_skip_verify",
          "the client secret is never sent to a peer that was not verified: give tls.ca_file"
              + " instead of tls.insecure_skip_verify");
    }
  }
}
