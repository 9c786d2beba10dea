/**
 * The lab's Kubernetes API: shows the cluster's objects as a real API server does, with its faults.
 */
@NullMarked
package io.eksnet.lab.kube;

import org.jspecify.annotations.NullMarked;
