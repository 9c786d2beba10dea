package io.eksnet.config;

/** What the endpoints show and who needs a token. */
public record Web(
    @Setting(
            value =
                "The latest observations of each target that `/api/v1/observations` and the status"
                    + " page can show.",
            fallback = "20",
            min = 1,
            max = 1_000)
        int observations,
    @Setting(
            value =
                "Whether requests from 127.0.0.1 and ::1 need no token, such as those of `kubectl"
                    + " port-forward`. Set it to `false` if a proxy of a service mesh in the pod"
                    + " delivers requests of other hosts from there.",
            fallback = "true")
        boolean trustLoopback) {}
