package io.eksnet.model.inventory;

import java.time.Instant;
import java.util.Optional;

/**
 * An admission webhook that the API server calls at a Service of the cluster (Kubernetes API
 * reference, {@code admissionregistration.k8s.io/v1}).
 *
 * @param name such as {@code mtargetgroupbinding.elbv2.k8s.aws}
 * @param configuration that contains it
 * @param port of the Service
 * @param required whether writes are refused while it cannot be called ({@code failurePolicy:
 *     Fail})
 * @param trustedUntil when the last certificate of its {@code caBundle} expires; empty if it has
 *     none, as before an injector added it
 */
public record AdmissionWebhook(
    String name,
    String configuration,
    String namespace,
    String service,
    int port,
    boolean required,
    Optional<Instant> trustedUntil) {}
