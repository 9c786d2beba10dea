/** What the host says of itself: resolv.conf, hosts file, ipamd, network adapters. */
@NullMarked
package io.eksnet.fact.host;

import org.jspecify.annotations.NullMarked;
