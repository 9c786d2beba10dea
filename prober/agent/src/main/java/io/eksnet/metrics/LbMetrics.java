package io.eksnet.metrics;

import io.eksnet.model.KindSpec;
import io.eksnet.model.Observation;
import io.eksnet.model.Outcome;
import io.eksnet.model.Outcome.NotRun;
import io.eksnet.model.Outcome.Several;
import io.eksnet.model.Outcome.Success;
import io.eksnet.model.Phase;
import io.eksnet.model.SeriesKey.LbKey;
import io.eksnet.model.Task;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The metrics of the built-in {@code lb} suite. */
final class LbMetrics {
  /** Of a run, at the load balancer: the suite {@code dns} measures lookups. */
  private static final Set<Phase> PHASES =
      EnumSet.of(Phase.CONNECT, Phase.TLS, Phase.PROCESSING, Phase.TRANSFER);

  private final FixedLabels fixed;
  private final CertificateExpiryGauges expiries;
  private final SuiteCounter counts;
  private final SuiteHistogram durations;
  private final GaugeFamily addresses;
  private final RefCountedMap<String, Balancer> balancers =
      new RefCountedMap<>((lb, balancer) -> balancer.remove());

  LbMetrics(MetricFactory instruments, CertificateExpiryGauges expiries) {
    fixed = instruments.fixed();
    this.expiries = expiries;
    counts = new SuiteCounter(instruments, Catalogue.LB_PROBE, LabelScheme.ANSWER);
    durations = new SuiteHistogram(instruments, Catalogue.LB_DURATION);
    addresses = instruments.register(new GaugeFamily(Catalogue.LB_ADDRESSES));
  }

  SubjectSeries series(LbKey of) {
    return new Series(of);
  }

  /** The addresses of a load balancer: one fails if any listener fails there. */
  private final class Balancer {
    private final GaugeFamily.Cell ok;
    private final GaugeFamily.Cell failing;
    private final Map<LbKey, Map<String, Boolean>> byListener = new HashMap<>();

    Balancer(String lb) {
      ok = addresses.add(fixed.with(Catalogue.LB_ADDRESSES.labels(), lb, "ok"));
      failing = addresses.add(fixed.with(Catalogue.LB_ADDRESSES.labels(), lb, "failing"));
    }

    /** A run that did not run changes nothing until the last result is stale. */
    synchronized void onOutcome(LbKey listener, Outcome outcome) {
      if (outcome instanceof NotRun) {
        return;
      }
      var before = byListener.getOrDefault(listener, Map.of());
      var now = new HashMap<String, Boolean>();
      if (outcome instanceof Several several) {
        for (var part : several.parts()) {
          if (!(part.outcome() instanceof NotRun)) {
            now.put(part.address(), part.outcome().succeeded());
          } else if (before.containsKey(part.address())) {
            now.put(part.address(), before.get(part.address()));
          }
        }
      }
      byListener.put(listener, now);
      show();
    }

    synchronized void forget(LbKey listener) {
      byListener.remove(listener);
      show();
    }

    void remove() {
      addresses.remove(ok);
      addresses.remove(failing);
    }

    private void show() {
      var known = new HashSet<String>();
      var bad = new HashSet<String>();
      for (var listener : byListener.values()) {
        listener.forEach(
            (address, good) -> {
              known.add(address);
              if (!good) {
                bad.add(address);
              }
            });
      }
      ok.set(known.isEmpty() ? Double.NaN : known.size() - bad.size());
      failing.set(known.isEmpty() ? Double.NaN : bad.size());
    }
  }

  private final class Series extends SubjectSeries {
    private final LbKey of;
    private final Balancer balancer;
    private final CertificateExpiryGauges.CertificateExpiryGauge expiry;
    private final Map<Phase, SuiteHistogram.Durations> spent = new EnumMap<>(Phase.class);

    Series(LbKey of) {
      super(counts.of(of.lb()));
      this.of = of;
      balancer = balancers.acquire(of.lb(), () -> new Balancer(of.lb()));
      expiry = expiries.ofLoadBalancer(of.lb(), of.listener());
    }

    @Override
    synchronized void initSeries(Task task, KindSpec<?> kind) {
      super.initSeries(task, kind);
      for (var phase : kind.phases()) {
        if (PHASES.contains(phase) && (phase != Phase.TLS || task.target().secure())) {
          spent.computeIfAbsent(phase, same -> durations.of(of.lb(), same.label()));
        }
      }
    }

    @Override
    void succeeded(Success run) {
      spent.forEach((phase, duration) -> duration.observe(run.timings().nanos(phase)));
    }

    @Override
    void finished(Observation observation) {
      balancer.onOutcome(of, observation.outcome());
      expiry.onOutcome(observation.outcome());
    }

    @Override
    void stale() {
      balancer.forget(of);
    }

    @Override
    void close() {
      super.close();
      balancer.forget(of);
      balancers.release(of.lb());
      spent.values().forEach(SuiteHistogram.Durations::close);
      expiry.close();
    }
  }
}
