/** The gRPC health checking protocol. */
@NullMarked
package io.eksnet.probe.grpc;

import org.jspecify.annotations.NullMarked;
