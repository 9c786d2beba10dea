package io.eksnet.docs.dashboards;

/** The dashboards there are; links and bookmarks hold on to the uid. */
enum Board {
  OVERVIEW("overview", "Overview"),
  DNS("dns", "DNS"),
  SERVICES("services", "Services and pods"),
  LOAD_BALANCERS("load-balancers", "Load balancers and targets"),
  SUBNETS("subnets", "Subnets and addresses"),
  PROBER("prober", "Prober health");

  private final String word;
  private final String title;

  Board(String word, String title) {
    this.word = word;
    this.title = title;
  }

  String title() {
    return "eksnet / " + title;
  }

  String uid() {
    return "eksnet-" + word;
  }

  String file() {
    return word + ".json";
  }

  /** A link that keeps the time range and what is chosen. */
  Link link() {
    return new Link(title, "/d/" + uid() + "?${__url_time_range}&${__all_variables}");
  }
}
