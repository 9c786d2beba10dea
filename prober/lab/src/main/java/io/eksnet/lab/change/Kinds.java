package io.eksnet.lab.change;

import static java.util.stream.Collectors.toMap;

import io.eksnet.lab.cluster.Addon;
import io.eksnet.lab.cluster.AwsFault;
import io.eksnet.lab.cluster.Binding;
import io.eksnet.lab.cluster.Cluster;
import io.eksnet.lab.cluster.Eni;
import io.eksnet.lab.cluster.FargateProfile;
import io.eksnet.lab.cluster.Ingress;
import io.eksnet.lab.cluster.Ipamd;
import io.eksnet.lab.cluster.Item;
import io.eksnet.lab.cluster.KubeEvent;
import io.eksnet.lab.cluster.KubeFault;
import io.eksnet.lab.cluster.KubeObject;
import io.eksnet.lab.cluster.KubeService;
import io.eksnet.lab.cluster.LoadBalancer;
import io.eksnet.lab.cluster.Names;
import io.eksnet.lab.cluster.NetworkAcl;
import io.eksnet.lab.cluster.Node;
import io.eksnet.lab.cluster.Nodegroup;
import io.eksnet.lab.cluster.Pod;
import io.eksnet.lab.cluster.PodIdentity;
import io.eksnet.lab.cluster.SecurityGroup;
import io.eksnet.lab.cluster.Subnet;
import io.eksnet.lab.cluster.TargetGroup;
import io.eksnet.lab.cluster.Vpc;
import io.eksnet.lab.cluster.VpcEndpoint;
import io.eksnet.lab.cluster.VpcResolver;
import io.eksnet.lab.cluster.Workload;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The kinds of things that a change may name, by the names of their records. */
public final class Kinds {
  private static final Map<String, Class<? extends Item>> ALL =
      new TreeMap<>(
          Stream.<Class<? extends Item>>of(
                  Addon.class,
                  AwsFault.class,
                  Binding.class,
                  Cluster.class,
                  Eni.class,
                  FargateProfile.class,
                  Ingress.class,
                  Ipamd.class,
                  KubeEvent.class,
                  KubeFault.class,
                  KubeObject.class,
                  KubeService.class,
                  LoadBalancer.class,
                  Names.class,
                  NetworkAcl.class,
                  Node.class,
                  Nodegroup.class,
                  Pod.class,
                  PodIdentity.class,
                  SecurityGroup.class,
                  Subnet.class,
                  TargetGroup.class,
                  Vpc.class,
                  VpcEndpoint.class,
                  VpcResolver.class,
                  Workload.class)
              .collect(toMap(Class::getSimpleName, kind -> kind)));

  private Kinds() {}

  /** All of them by name. */
  public static Map<String, Class<? extends Item>> all() {
    return ALL;
  }

  static Class<? extends Item> of(Yaml name) {
    var kind = ALL.get(name.text());
    if (kind == null) {
      throw name.wrong(
          "unknown kind \"" + name.text() + "\"" + Meant.of(name.text(), ALL.keySet()));
    }
    return kind;
  }
}
