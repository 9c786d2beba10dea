package io.eksnet.probe.http;

import io.eksnet.model.Cause;
import io.eksnet.model.Phase;
import io.eksnet.model.Target;
import io.eksnet.probe.api.Probe;
import io.eksnet.probe.api.ProbeKind;
import io.eksnet.probe.net.Network;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** HTTP requests over a connection of their own. */
public final class HttpKind implements ProbeKind<HttpSettings> {
  @Override
  public String name() {
    return "http";
  }

  @Override
  public String summary() {
    return "Makes an HTTP request over a new connection and judges the answer.";
  }

  @Override
  public Class<HttpSettings> settings() {
    return HttpSettings.class;
  }

  @Override
  public Target target(String text, HttpSettings settings) {
    var url = Url.parse(text);
    var origin = url.origin();
    return new Target(text, origin.host(), origin.port(), url.path(), origin.secure());
  }

  @Override
  public List<Phase> phases() {
    return List.of(Phase.values());
  }

  @Override
  public Set<Cause> causes() {
    return EnumSet.allOf(Cause.class);
  }

  @Override
  public Probe create(HttpSettings settings, Network network) {
    return new HttpProbe(settings, Optional.empty(), network);
  }
}
