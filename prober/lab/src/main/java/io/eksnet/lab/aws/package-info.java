/** The AWS APIs of the lab: EC2, ELB, EKS and STS over plain HTTP, with faults. */
@NullMarked
package io.eksnet.lab.aws;

import org.jspecify.annotations.NullMarked;
