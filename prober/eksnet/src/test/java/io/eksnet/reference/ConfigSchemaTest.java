package io.eksnet.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.eksnet.config.ConfigReader;
import io.eksnet.config.ConfigResult;
import io.eksnet.config.ConfigWriter;
import io.eksnet.config.SampleKinds;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The schema and the reader agree. */
class ConfigSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(ConfigSchema.json(SampleKinds.list()));

  @Test
  void isItselfAGoodSchema() throws Exception {
    var meta =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(
                com.networknt.schema.SchemaLocation.of(com.networknt.schema.SchemaId.V202012));

    assertThat(meta.validate(JSON.readTree(ConfigSchema.json(SampleKinds.list())))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.eksnet.config.ConfigWriterTest#configs")
  void acceptsWhatTheReaderAccepts(String yaml) {
    assertThat(complaints(yaml)).isEmpty();
    var settings = ((ConfigResult.Valid) ConfigReader.read(yaml, SampleKinds.map())).settings();
    assertThat(complaints(ConfigWriter.yaml(settings))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clustr: a",
        "cluster: null",
        "cluster: [a]",
        "labels: {outcome: x}",
        "labels: {a-b: x}",
        "labels: {__a: x}",
        "defaults: {interval: 10}",
        "defaults: {interval: soon}",
        "defaults: {interval: 30s1m}",
        "defaults: {interval: ''}",
        "limits: {targets: 0}",
        "limits: {targets: '5'}",
        "limits: {targets: 1.5}",
        "suites: {dns: {enabled: yes}}",
        "suites: {dns: {servers: []}}",
        "probes: {}",
        "probes: [{}]",
        "probes: [shop]",
        "probes: [{name: a, kind: icmp, targets: [b]}]",
        "probes: [{kind: port, targets: ['b:1']}]",
        "probes: [{name: '', kind: port, targets: ['b:1']}]",
        "probes: [{name: a, kind: port, targets: []}]",
        "probes: [{name: a, kind: port, targets: ~}]",
        "probes: [{name: a, kind: port, targets: ['b:1', 'b:1']}]",
        "probes: [{name: a, kind: port, targets: ['b:1'], method: GET}]",
        "probes: [{name: a, kind: page, targets: [https://b], hello: true}]",
        "probes: [{name: a, kind: page, targets: [https://b], method: POST}]",
        "probes: [{name: a, kind: page, targets: [https://b], version: http_3}]",
        "probes: [{name: a, kind: page, targets: [https://b], share: 1.5}]",
        "probes: [{name: a, kind: page, targets: [https://b], alpn: [h2, h2]}]",
        "probes: [{name: a, kind: page, targets: [https://b], steps: [{answer: b}]}]",
        "probes: [{name: a, kind: page, targets: [https://b], expect: {stattus: [2xx]}}]"
      })
  void rejectsWhatTheReaderRejects(String yaml) {
    assertThat(ConfigReader.read(yaml, SampleKinds.map())).isInstanceOf(ConfigResult.Invalid.class);
    assertThat(complaints(yaml)).isNotEmpty();
  }

  @Test
  void complainsOfTheKindThatWasMeant() {
    var yaml = "probes: [{name: a, kind: port, targets: ['b:1'], helo: true}]";

    assertThat(complaints(yaml))
        .singleElement()
        .hasToString(
            "$.probes[0]: property 'helo' is not defined in the schema and the schema does not"
                + " allow additional properties");
  }

  @Test
  void carriesHelpDefaultsBoundsAndExamples() throws Exception {
    var schema = JSON.readTree(ConfigSchema.json(SampleKinds.list()));

    assertThat(schema.at("/properties/limits/properties/targets").toString())
        .startsWith("{\"description\":\"Targets of your own probes together. ")
        .endsWith("\"type\":\"integer\",\"minimum\":1,\"maximum\":100000,\"default\":10000}");
    assertThat(schema.at("/properties/limits/properties/stall/description").asText())
        .endsWith("always counts. 10ms to 10s.");
    assertThat(schema.at("/$defs/probe_port/properties/expect/examples/0").asText())
        .isEqualTo("220 \\w+");
    assertThat(schema.at("/$defs/probe_page/properties/expect/properties/status").toString())
        .isEqualTo(
            "{\"description\":\"Status codes or classes.\",\"type\":[\"array\",\"null\"],"
                + "\"items\":{\"type\":[\"string\",\"number\",\"boolean\"]},"
                + "\"default\":[\"2xx\"],\"examples\":[[\"2xx\",301]]}");
  }

  private static Set<ValidationMessage> complaints(String yaml) {
    var settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    JsonNode json = JSON.valueToTree(new Load(settings).loadFromString(yaml));
    return SCHEMA.validate(json);
  }
}
