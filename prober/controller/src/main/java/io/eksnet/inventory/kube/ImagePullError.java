package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.ImagePullFailure.Reason;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Why a container waits for its image, from the state that the kubelet reports.
 *
 * @param reason empty if the registry refuses the pull, or the cause is none of the network
 * @param host of the failing request, or the registry of the image
 * @param message of the kubelet; empty while a kubelet before Kubernetes 1.32 backs off, which
 *     reports the error only between two pulls
 */
record ImagePullError(Optional<Reason> reason, String host, String message) {
  /** Of the requests of containerd, CRI-O and Docker the last one failed. */
  private static final Pattern URL =
      Pattern.compile("\\b(?:Get|Head|Post|Put) \"?https?://([A-Za-z0-9.-]+(?::\\d+)?)");

  private static final Pattern UNRESOLVED =
      Pattern.compile("\\blookup [A-Za-z0-9.-]+(?: on [^ ]+)?: |no such host|in name resolution");

  private static final Pattern UNTRUSTED = Pattern.compile("x509: |remote error: tls: ");

  private static final Pattern REFUSED = Pattern.compile("connect: connection refused");

  /** Of the Go packages {@code net}, {@code net/http} and {@code context}. */
  private static final Pattern NO_RESPONSE =
      Pattern.compile(
          "dial tcp\\b.*: i/o timeout|connect: (?:connection timed out|no route to host|network is"
              + " unreachable)|TLS handshake timeout|request canceled while waiting for"
              + " connection|Client\\.Timeout exceeded while awaiting headers|failed to do"
              + " request: .*: context deadline exceeded");

  /**
   * Reads the state of a waiting container.
   *
   * @param waiting the reason of the state
   * @return empty unless the container waits for its image
   */
  static Optional<ImagePullError> parse(String waiting, String message, String image) {
    return switch (waiting) {
      case "ErrImagePull" -> Optional.of(parse(message, image));
      case "ImagePullBackOff" ->
          Optional.of(
              message.contains("ErrImagePull")
                  ? parse(message, image)
                  : new ImagePullError(Optional.empty(), "", ""));
      default -> Optional.empty();
    };
  }

  private static ImagePullError parse(String message, String image) {
    return new ImagePullError(reason(message), host(message, image), KubeObjects.message(message));
  }

  private static Optional<Reason> reason(String message) {
    if (UNRESOLVED.matcher(message).find()) {
      return Optional.of(Reason.UNRESOLVED);
    }
    if (UNTRUSTED.matcher(message).find()) {
      return Optional.of(Reason.UNTRUSTED);
    }
    if (REFUSED.matcher(message).find()) {
      return Optional.of(Reason.REFUSED);
    }
    return NO_RESPONSE.matcher(message).find() ? Optional.of(Reason.NO_RESPONSE) : Optional.empty();
  }

  private static String host(String message, String image) {
    var url = URL.matcher(message);
    var host = "";
    while (url.find()) {
      host = url.group(1).toLowerCase(Locale.ROOT);
    }
    return host.isEmpty() ? ImageReference.registry(image).orElse("") : host;
  }
}
