package io.eksnet.lab.cluster;

/** A Pod Identity association: which role the pods of a service account get. */
public record PodIdentity(String id, String namespace, String serviceAccount, String roleArn)
    implements Item {

  @Override
  public String key() {
    return id;
  }
}
