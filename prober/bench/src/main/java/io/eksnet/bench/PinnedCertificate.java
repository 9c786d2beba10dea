package io.eksnet.bench;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts one certificate by its bytes: the cheapest check that still identifies the peer. Path
 * building costs as much as the handshake, and clients can avoid repeating it.
 */
final class PinnedCertificate implements X509TrustManager {
  private final byte[] leaf;

  PinnedCertificate(X509Certificate leaf) throws CertificateException {
    this.leaf = leaf.getEncoded();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    if (chain.length == 0 || !Arrays.equals(chain[0].getEncoded(), leaf)) {
      throw new CertificateException("not the target's certificate");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
