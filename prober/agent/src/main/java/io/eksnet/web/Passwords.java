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
 * Users and their bcrypt hashes. The last good password of each user is remembered under a keyed
 * digest, for a scraper sends the same one every few seconds and bcrypt is made to be slow.
 */
final class Passwords {
  private final Map<String, String> hashes;

  /** Compared with when the user is unknown, so that the answer takes as long. */
  private final String anyHash;

  private final SecretKeySpec key = randomKey();
  private final Map<String, byte[]> good = new ConcurrentHashMap<>();

  Passwords(Map<String, String> hashes) {
    this.hashes = Map.copyOf(hashes);
    anyHash = hashes.values().stream().findFirst().orElse("");
  }

  /** Whether anybody must say who they are. */
  boolean areAsked() {
    return !hashes.isEmpty();
  }

  /** Whether this password was the user's before; takes microseconds. */
  boolean isKnown(String user, byte[] password) {
    var remembered = good.get(user);
    return remembered != null && MessageDigest.isEqual(remembered, digest(user, password));
  }

  /** Whether this is the user's password; takes the time that bcrypt is made to take. */
  boolean verify(String user, byte[] password) {
    var hash = hashes.get(user);
    var matches = matches(password, hash == null ? anyHash : hash);
    if (hash == null || !matches) {
      return false;
    }
    good.put(user, digest(user, password));
    return true;
  }

  /** bcrypt looks at 72 bytes, and so do the programs that make the hashes. */
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
