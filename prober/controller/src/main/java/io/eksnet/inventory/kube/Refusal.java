package io.eksnet.inventory.kube;

import io.eksnet.model.inventory.Unavailable;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What an answer of the API server, or none, means for what is watched. */
final class Refusal {
  private Refusal() {}

  /** Why an answer with this code is of no use; empty: it is. */
  static Optional<Unavailable> of(int code, String what) {
    if (code >= 200 && code < 300) {
      return Optional.empty();
    }
    var detail = what + ": the API server answered " + code;
    return Optional.of(
        switch (code) {
          case 401, 403 -> new Unavailable(Unavailable.Why.DENIED, detail);
          case 404 -> new Unavailable(Unavailable.Why.ABSENT, detail);
          case 429 -> new Unavailable(Unavailable.Why.THROTTLED, detail);
          case 504 -> new Unavailable(Unavailable.Why.TIMEOUT, detail);
          default -> new Unavailable(Unavailable.Why.ERROR, detail);
        });
  }

  /** Why there was no answer, or which. */
  static Unavailable of(Throwable thrown, String what) {
    for (Throwable error = thrown; error != null; error = error.getCause()) {
      if (error instanceof KubernetesClientException refused && refused.getCode() > 0) {
        return of(refused.getCode(), what)
            .orElseGet(() -> new Unavailable(Unavailable.Why.ERROR, what + ": " + words(refused)));
      }
      if (error instanceof TimeoutException || error instanceof HttpTimeoutException) {
        return new Unavailable(Unavailable.Why.TIMEOUT, what + ": no answer in time");
      }
    }
    return new Unavailable(Unavailable.Why.ERROR, what + ": " + words(thrown));
  }

  private static String words(@Nullable Throwable error) {
    return error == null
        ? ""
        : Texts.cut(error.getClass().getSimpleName() + " " + Texts.of(error.getMessage()), 200);
  }
}
