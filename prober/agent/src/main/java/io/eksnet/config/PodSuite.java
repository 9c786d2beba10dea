package io.eksnet.config;

/** The built-in suite that probes agents on other nodes, from pod to pod. */
public record PodSuite(
    @Inline(defaults = {"interval: 15s", "timeout: 2s"}) SuiteSchedule schedule,
    @Setting(
            value = "How many other agents each agent probes, some of them in other zones.",
            fallback = "3",
            min = 1,
            max = 20)
        int peers)
    implements Suite {}
