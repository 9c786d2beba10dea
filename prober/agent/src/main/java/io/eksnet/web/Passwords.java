package io.eksnet.web;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Users and their bcrypt hashes. Caches a keyed digest of the last valid password of each user:
 * scrapers send it every few seconds, and bcrypt is slow on purpose.
 */
final class Passwords {
  private final Map<String, String> hashes;

  /** Compared with for an unknown user, so that timing does not reveal which users exist. */
  private final String dummyHash;

  private final SecretKeySpec key = randomKey();
  private final Map<String, byte[]> verified = new ConcurrentHashMap<>();

  Passwords(Map<String, String> hashes) {
    this.hashes = Map.copyOf(hashes);
    dummyHash = hashes.values().stream().findFirst().orElse("");
  }

  boolean isRequired() {
    return !hashes.isEmpty();
  }

  /** Whether this password was verified before; takes microseconds. */
  boolean isCached(String user, byte[] password) {
    var cached = verified.get(user);
    return cached != null && MessageDigest.isEqual(cached, digest(user, password));
  }

  /** Compares with the bcrypt hash; takes tens of milliseconds or more. */
  boolean verify(String user, byte[] password) {
    var hash = hashes.get(user);
    var matches = matches(password, hash == null ? dummyHash : hash);
    if (hash == null || !matches) {
      return false;
    }
    verified.put(user, digest(user, password));
    return true;
  }

  /** bcrypt uses the first 72 bytes, as the programs that create the hashes do. */
  private static boolean matches(byte[] password, String hash) {
    var version = BCrypt.Version.VERSION_2A;
    return BCrypt.verifyer(version, LongPasswordStrategies.truncate(version))
        .verify(password, hash.getBytes(StandardCharsets.US_ASCII))
        .verified;
  }

  private byte[] digest(String user, byte[] password) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(user.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return mac.doFinal(password);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private static SecretKeySpec randomKey() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return new SecretKeySpec(bytes, "HmacSHA256");
  }
}
