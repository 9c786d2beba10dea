/** What the host says of itself: resolv.conf, hosts file, ipamd, network adapters. */
@NullMarked
package io.eksnet.agent.host;

import org.jspecify.annotations.NullMarked;
