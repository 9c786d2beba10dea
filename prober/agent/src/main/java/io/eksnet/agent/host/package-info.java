/** Data of the node: resolv.conf, the hosts file, ipamd, network adapters. */
@NullMarked
package io.eksnet.agent.host;

import org.jspecify.annotations.NullMarked;
