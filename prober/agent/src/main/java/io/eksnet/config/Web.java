package io.eksnet.config;

/** What the endpoints show. */
public record Web(
    @Setting(
            value =
                "The latest observations of each target that `/api/v1/observations` and the status"
                    + " page can show.",
            fallback = "20",
            min = 1,
            max = 1_000)
        int observations) {}
