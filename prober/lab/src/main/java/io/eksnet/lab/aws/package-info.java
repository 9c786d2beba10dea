/**
 * The lab's AWS endpoints: EC2, ELBv2, EKS and STS in the protocols of the real SDK, with their
 * faults.
 */
@NullMarked
package io.eksnet.lab.aws;

import org.jspecify.annotations.NullMarked;
