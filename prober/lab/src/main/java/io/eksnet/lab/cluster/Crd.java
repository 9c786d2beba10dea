package io.eksnet.lab.cluster;

/** A kind that the cluster knows beside those of Kubernetes. */
public record Crd(String apiVersion, String kind, String plural, boolean namespaced)
    implements Item {
  @Override
  public String key() {
    return plural + "." + apiVersion;
  }

  public String group() {
    return apiVersion.substring(0, apiVersion.indexOf('/'));
  }

  public String version() {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }
}
