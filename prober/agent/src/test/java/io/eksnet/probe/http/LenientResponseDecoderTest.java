package io.eksnet.probe.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LenientResponseDecoderTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String LF = "lines end with LF instead of CRLF";
  private static final String BOTH = "Content-Length beside Transfer-Encoding, which overrides it";
  private static final String REPEATED = "Content-Length is repeated";

  private final List<String> remarks = new ArrayList<>();

  /**
   * @param status 0: no head was decoded
   * @param complete whether the end of the body was decoded, and no error
   */
  private record Decoded(int status, String body, boolean complete, boolean failed) {}

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK~Content-Length: 2~~ok",
    "HTTP/1.1 200~Content-Length: 2~~ok",
    "HTTP/1.0 200 OK~Content-Length: 2~~ok",
    "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~ok~0~~",
    "HTTP/1.1 200 OK~Transfer-Encoding: Chunked~~1~o~1~k~0~~",
    "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~002;a=b;c=\"d\"~ok~0;e~~",
    "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2  ~ok~0~X-Sum: 1~Y: 2~~",
    "HTTP/1.1 100 Continue~~HTTP/1.1 103 Early Hints~Link: x~~HTTP/1.1 200 OK~Content-Length: 2~~ok"
  })
  void decodesWhatIsAsItShouldBeWithoutRemark(String script) {
    assertComplete(script.replace("~", "\r\n"));
    assertThat(remarks).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK~Content-Length: 2~~ok",
    "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~ok~0~~",
    "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~1;x~o~1~k~0~X-Sum: 1~~",
    "HTTP/1.1 100 Continue~~HTTP/1.1 200 OK~Content-Length: 2~~ok"
  })
  void takesLineFeedsWithoutCarriageReturns(String script) {
    assertComplete(script.replace('~', '\n'));
    assertThat(remarks).containsExactly(LF);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\n\r\nok",
        "HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok",
        CHUNKED + "2\nok\r\n0\r\n\r\n",
        CHUNKED + "2\r\nok\n0\r\n\r\n",
        CHUNKED + "2\r\nok\r\n0\n\r\n",
        CHUNKED + "2\r\nok\r\n0\r\n\n",
        CHUNKED + "2\r\nok\r\n0\r\nX: y\n\r\n",
      })
  void takesASingleLineFeedWithoutCarriageReturn(String response) {
    assertComplete(response);
    assertThat(remarks).containsExactly(LF);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: y\r\nContent-Length: 1\r\n\r\n2\r\nok\r\n0\r\n\r\n",
      })
  void letsTransferEncodingOverrideContentLength(String response) {
    assertComplete(response);
    assertThat(remarks).containsExactly(BOTH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\nContent-Length: 2\r\n",
        "Content-Length: 2\r\nX: y\r\ncontent-length: 2\r\nContent-Length: 2\r\n",
        "Content-Length: 2, 2\r\n",
        "Content-Length: 2,2\r\nContent-Length: 2\r\n",
      })
  void takesRepeatedEqualLengths(String lengths) {
    assertComplete("HTTP/1.1 200 OK\r\n" + lengths + "\r\nok");
    assertThat(remarks).containsExactly(REPEATED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
        "HTTP/1.1 two hundred\r\n\r\n",
        CHUNKED + "\r\nok\r\n0\r\n\r\n",
        CHUNKED + "zz\r\nok\r\n0\r\n\r\n",
        CHUNKED + "-2\r\nok\r\n0\r\n\r\n",
        CHUNKED + "+2\r\nok\r\n0\r\n\r\n",
        CHUNKED + "0x2\r\nok\r\n0\r\n\r\n",
        CHUNKED + "2 2\r\nok\r\n0\r\n\r\n",
        CHUNKED + "10000000000000000\r\nok\r\n0\r\n\r\n",
        CHUNKED + "1\r\nok\r\n0\r\n\r\n",
        CHUNKED + "2\r\nok0\r\n\r\n",
        CHUNKED + "2\r\nok\r0\r\n\r\n",
      })
  void rejectsMalformedResponse(String response) {
    assertThat(decode(response, response.length()).failed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
        CHUNKED,
        CHUNKED + "2\r\nok\r\n",
        CHUNKED + "2\r\nok",
        CHUNKED + "3\r\nok",
        CHUNKED + "2\r\nok\r\n0\r\n",
      })
  void doesNotCompleteWhatIsCutOff(String response) {
    assertThat(decode(response, response.length()).complete()).isFalse();
    assertThat(decode(response, 1).complete()).isFalse();
  }

  @Test
  void boundsLinesAndTrailers() {
    assertThat(decode(CHUNKED + "1".repeat(100_000), 1000).failed()).isTrue();
    assertThat(decode(CHUNKED + "1;" + "x".repeat(100_000) + "\r\n", 200_000).failed()).isTrue();
    assertThat(decode(CHUNKED + "0\r\n" + "X: y\r\n".repeat(100_000), 1000).failed()).isTrue();
    assertThat(decode("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(100_000), 1000).failed()).isTrue();
  }

  @Test
  void ignoresWhatFollowsTheResponse() {
    assertThat(decode(CHUNKED + "2\r\nok\r\n0\r\n\r\nHTTP/1.1 500 X\r\n\r\n", 1000))
        .isEqualTo(new Decoded(200, "ok", true, false));
  }

  private void assertComplete(String response) {
    for (var size : new int[] {response.length(), 1, 3}) {
      remarks.clear();
      assertThat(decode(response, size)).isEqualTo(new Decoded(200, "ok", true, false));
    }
  }

  private Decoded decode(String response, int pieceSize) {
    var channel = new EmbeddedChannel(new LenientResponseDecoder(false, remarks::add));
    var bytes = response.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i += pieceSize) {
      channel.writeInbound(Unpooled.copiedBuffer(bytes, i, Math.min(pieceSize, bytes.length - i)));
    }
    channel.finish();
    var status = 0;
    var body = new StringBuilder();
    var complete = false;
    var failed = false;
    for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
      failed |= ((HttpObject) read).decoderResult().isFailure();
      if (read instanceof HttpResponse head) {
        status = head.status().code();
        complete = false;
      }
      if (read instanceof HttpContent content) {
        body.append(content.content().toString(StandardCharsets.ISO_8859_1));
        complete |= read instanceof LastHttpContent;
      }
      ReferenceCountUtil.release(read);
    }
    return new Decoded(status, body.toString(), complete && !failed, failed);
  }
}
