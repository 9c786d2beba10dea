package io.eksnet.probe.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {
  private static final Network network = Network.open();

  @AfterAll
  static void close() {
    network.close();
  }

  @ParameterizedTest
  @CsvSource({
    "OPENSSL_REFCNT, shop.test, shop.test",
    "OPENSSL_REFCNT, shop.test., shop.test",
    "OPENSSL_REFCNT, my_app.test, my_app.test",
    "OPENSSL_REFCNT, -a-.test, -a-.test",
    "JDK, shop.test, shop.test",
    "JDK, my_app.test, my_app.test",
    "JDK, -a-.test, -a-.test"
  })
  void sendsTheServerNameAsSni(SslProvider provider, String name, String asked) throws Exception {
    assertThat(hello(provider, name)).contains("\0" + (char) asked.length() + asked + "\0");
  }

  @ParameterizedTest
  @CsvSource({"OPENSSL_REFCNT, 127.0.0.1", "JDK, 127.0.0.1", "JDK, ::1"})
  void sendsNoSniForAddresses(SslProvider provider, String address) throws Exception {
    assertThat(hello(provider, address)).isNotEmpty().doesNotContain(address);
  }

  private static String hello(SslProvider provider, String name) throws Exception {
    var parameters = new TlsParameters(TlsVersion.TLS1_2, TlsVersion.TLS1_3, List.of());
    var observer = new HandshakeObserver(Optional.empty());
    var context = parameters.builder(provider, observer).build();
    var tls =
        new TlsContext(
            context,
            observer,
            parameters,
            Optional.empty(),
            CertificateVerifier.of(List.of()),
            false);
    var engine = tls.handshake(name).handler(UnpooledByteBufAllocator.DEFAULT, network).engine();
    try {
      var hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), hello);
      return StandardCharsets.ISO_8859_1.decode(hello.flip()).toString();
    } finally {
      ReferenceCountUtil.release(engine);
      ReferenceCountUtil.release(context);
    }
  }
}
