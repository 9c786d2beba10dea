package io.eksnet.docs.dashboards;

/** Units by their names in Grafana. */
enum Unit {
  NUMBER("short"),
  SHARE("percentunit"),
  SECONDS("s"),
  LONG("dtdurations"),
  BYTES("bytes"),
  PER_SECOND("cps"),
  REQUESTS("reqps"),
  PACKETS("pps"),
  /** Of a moment in milliseconds: how long ago it was, or how far off it is. */
  MOMENT("dateTimeFromNow"),
  TEXT("string");

  private final String id;

  Unit(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }
}
