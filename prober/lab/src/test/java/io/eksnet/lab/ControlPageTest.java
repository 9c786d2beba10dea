package io.eksnet.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlPageTest {
  private static Lab lab;
  private static ControlPage page;

  @BeforeAll
  static void start() {
    lab = Lab.start();
    page = ControlPage.start(lab, 0, List.of("http://127.0.0.1:9853/"), null);
  }

  @AfterAll
  static void stop() {
    page.close();
    lab.close();
  }

  @BeforeEach
  void heal() {
    lab.dns().fault(DnsFault.NONE);
  }

  @Test
  void pageListsEveryServiceWithItsAddressAndFault() throws Exception {
    lab.dns().fault(DnsFault.DROP_FIRST);

    var html = get("/").body();

    for (var service : lab.describe()) {
      assertThat(html)
          .contains("<h2>" + service.name() + "</h2>")
          .contains(service.addresses().get(0))
          .contains("action=\"/faults/" + service.name() + "\"");
    }
    assertThat(html).contains("<option value=\"drop_first\" selected>");
    assertThat(html).contains("<a href=\"http://127.0.0.1:9853/\">");
    assertThat(html).doesNotContain("%s").doesNotContain("<script");
  }

  @Test
  void pageLoadsNothingFromElsewhereAndMayNotBeFramed() throws Exception {
    var answer = get("/");

    assertThat(answer.headers().firstValue("content-security-policy"))
        .contains(
            "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none';"
                + " base-uri 'none'");
    assertThat(answer.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
    assertThat(get("/style.css").headers().firstValue("content-type"))
        .contains("text/css; charset=utf-8");
  }

  @Test
  void formSwitchesAndGoesBackToThePage() throws Exception {
    var answer = post("/faults/dns", "fault=delay&delay=250");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("location")).contains("/#dns");
    assertThat(answer.body()).isEqualTo("dns: delay (answers late)\n");
    assertThat(lab.dns().fault()).isEqualTo(DnsFault.DELAY);
    assertThat(lab.dns().delay()).hasMillis(250);
  }

  @Test
  void programGetsJsonWhenItAsksForIt() throws Exception {
    var answer = post("/faults/dns", "fault=servfail", "Accept", "application/json");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(answer.body()).getString("fault")).isEqualTo("servfail");
  }

  @Test
  void apiListsServicesAndTheirFaults() throws Exception {
    var services = new JsonArray(get("/api/services").body());

    assertThat(services).hasSize(7);
    var dns = services.getJsonObject(0);
    assertThat(dns.getString("name")).isEqualTo("dns");
    assertThat(dns.getString("fault")).isEqualTo("none");
    assertThat(dns.getJsonArray("addresses").getString(0))
        .isEqualTo("127.0.0.1:" + lab.dns().port());
    assertThat(dns.getJsonObject("faults").getString("servfail")).isEqualTo("rcode SERVFAIL");
  }

  @ParameterizedTest
  @CsvSource({
    "/faults/dns, fault=sevfail, 400, no fault \"sevfail\"",
    "/faults/dns, '', 400, fault=none",
    "/faults/dns, fault=delay&delay=soon, 400, soon",
    "/faults/dns, fault=delay&delay=-1, 400, a delay is 0 or more",
    "/faults/ntp, fault=drop, 404, no service \"ntp\"",
    "/, fault=drop, 404, POST to /faults/NAME",
  })
  void badRequestsChangeNothingAndSayWhy(String path, String form, int status, String reason)
      throws Exception {
    var answer = post(path, form);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(reason);
    assertThat(lab.dns().fault()).isEqualTo(DnsFault.NONE);
  }

  @Test
  void healSwitchesEverythingOff() throws Exception {
    assertThat(post("/heal", "").statusCode()).isEqualTo(303);

    assertThat(lab.describe()).allMatch(Lab.Description::healthy);
    assertThat(get("/").body()).contains("All 7 services are healthy.");
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, http://evil.example",
    "Origin, null",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site",
  })
  void otherSitesMayNotSwitch(String header, String value) throws Exception {
    assertThat(post("/faults/dns", "fault=drop", header, value).statusCode()).isEqualTo(403);
    assertThat(lab.dns().fault()).isEqualTo(DnsFault.NONE);
  }

  @Test
  void thePageItselfMaySwitch() throws Exception {
    var answer =
        post(
            "/faults/dns", "fault=servfail", "Origin", page.url(), "Sec-Fetch-Site", "same-origin");

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(lab.dns().fault()).isEqualTo(DnsFault.SERVFAIL);
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example, 403",
    "evil.example:PORT, 403",
    "127.0.0.1, 403",
    "127.0.0.1:PORT, 200",
    "localhost:PORT, 200"
  })
  void onlyItsOwnNameIsAnswered(String host, int status) throws IOException {
    int port = URI.create(page.url()).getPort();
    try (var socket = new Socket(lab.dns().address().getAddress(), port)) {
      var named = host.replace("PORT", Integer.toString(port));
      var request =
          "GET /api/services HTTP/1.1\r\nHost: " + named + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  private static HttpResponse<String> get(String path) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(page.url() + path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String path, String form, String... headers)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(page.url() + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }
}
