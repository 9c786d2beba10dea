package io.eksnet.lab.aws;

import java.util.Map;

/** What a client gets. */
record Answer(int status, String type, String body, Map<String, String> headers) {
  static Answer xml(int status, String body) {
    return new Answer(status, "text/xml;charset=UTF-8", body, Map.of());
  }

  static Answer json(int status, String body) {
    return new Answer(status, "application/json", body, Map.of());
  }
}
