package io.eksnet.probe.net;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Unencrypted private keys in PEM: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017) and SEC1 (RFC 5915). */
final class PrivateKeys {
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS", "DSA");

  private static final byte[] VERSION_0 = {2, 1, 0};
  private static final byte[] NULL = {5, 0};
  private static final byte[] RSA_ENCRYPTION = HexFormat.of().parseHex("06092a864886f70d010101");
  private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  /** The context-specific tag of the curve in SEC1. */
  private static final int CURVE = 0xa0;

  private PrivateKeys() {}

  /**
   * The first key of a PEM text.
   *
   * @throws IllegalArgumentException with what is wrong and the remedy; never shows the key
   */
  static PrivateKey parse(String pem) {
    var block = PEM.matcher(pem);
    if (!block.find()) {
      throw new IllegalArgumentException("holds no PEM private key");
    }
    var type = block.group(1);
    if (type.startsWith("ENCRYPTED") || block.group(2).contains("ENCRYPTED")) {
      throw new IllegalArgumentException(
          "holds an encrypted key; decrypt it with openssl pkey -in KEY -out NEW");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(block.group(2).getBytes(StandardCharsets.US_ASCII));
      return switch (type) {
        case "PRIVATE KEY" -> ofPkcs8(der);
        case "RSA PRIVATE KEY" -> ofPkcs8(pkcs8(join(RSA_ENCRYPTION, NULL), der));
        case "EC PRIVATE KEY" -> ofPkcs8(pkcs8(join(EC_PUBLIC_KEY, curve(der)), der));
        default ->
            throw new IllegalArgumentException(
                "holds a key of the type \""
                    + type
                    + "\"; convert it with openssl pkey -in KEY -out NEW");
      };
    } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("holds a key that cannot be read", e);
    }
  }

  /** Whether {@code key} is the private half of {@code publicKey}. */
  static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
    if (key instanceof RSAKey mine && publicKey instanceof RSAKey other) {
      return mine.getModulus().equals(other.getModulus());
    }
    var algorithm =
        switch (publicKey.getAlgorithm()) {
          case "EC" -> "SHA256withECDSA";
          case "DSA" -> "SHA256withDSA";
          default -> publicKey.getAlgorithm();
        };
    try {
      var message = new byte[32];
      new SecureRandom().nextBytes(message);
      var signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(message);
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(message);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static PrivateKey ofPkcs8(byte[] der) throws GeneralSecurityException {
    GeneralSecurityException first = null;
    for (var algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        first = first == null ? e : first;
      }
    }
    throw first == null ? new GeneralSecurityException() : first;
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return element(
        SEQUENCE, join(VERSION_0, element(SEQUENCE, algorithm), element(OCTET_STRING, key)));
  }

  /** The object identifier of the curve in an ECPrivateKey. */
  private static byte[] curve(byte[] sec1) throws GeneralSecurityException {
    var position = contentOf(sec1, 0);
    while (position < sec1.length) {
      var content = contentOf(sec1, position);
      var length = lengthOf(sec1, position);
      if ((sec1[position] & 0xff) == CURVE) {
        return Arrays.copyOfRange(sec1, content, content + length);
      }
      position = content + length;
    }
    throw new GeneralSecurityException("no curve");
  }

  private static int contentOf(byte[] der, int tag) {
    var first = der[tag + 1] & 0xff;
    return tag + 2 + (first < 0x80 ? 0 : first & 0x7f);
  }

  private static int lengthOf(byte[] der, int tag) throws GeneralSecurityException {
    var first = der[tag + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    var length = new BigInteger(1, Arrays.copyOfRange(der, tag + 2, tag + 2 + (first & 0x7f)));
    if (length.bitLength() > 16) {
      throw new GeneralSecurityException("too long");
    }
    return length.intValue();
  }

  private static byte[] element(int tag, byte[] content) {
    var length = BigInteger.valueOf(content.length).toByteArray();
    var minimal =
        length[0] == 0 && length.length > 1 ? Arrays.copyOfRange(length, 1, length.length) : length;
    var header =
        content.length < 0x80
            ? new byte[] {(byte) tag, (byte) content.length}
            : join(new byte[] {(byte) tag, (byte) (0x80 | minimal.length)}, minimal);
    return join(header, content);
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (var part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
