package io.eksnet.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each command of a runbook is one that {@code aws} and {@code kubectl} take, and has its
 * variables.
 */
class RunbookCommandsTest {
  private static final Pattern SCRIPT = Pattern.compile("(?ms)^ *```sh\\n(.*?)^ *```");
  private static final Pattern INLINE = Pattern.compile("`(aws [^`]* --[^`]+|kubectl [^`]+)`");
  private static final Pattern USED = Pattern.compile("\\$\\{?([A-Za-z_]\\w*)");
  private static final Pattern SINGLE_QUOTED = Pattern.compile("'[^'\n]*'");
  private static final Pattern ASSIGNED =
      Pattern.compile("(?m)(?:^|[ ;])(?:for )?([A-Za-z_]\\w*)(?:=| in )");

  @ParameterizedTest(name = "{0}")
  @MethodSource("runbooks")
  void commandsAreOnesThatTheProgramsTake(String name, String text) throws Exception {
    var tables = CommandTables.read();
    var errors = new ArrayList<String>();
    for (var script : scripts(text)) {
      ShellCommands.of("aws", script).forEach(words -> errors.addAll(tables.awsErrors(words)));
      ShellCommands.of("kubectl", script)
          .forEach(words -> errors.addAll(tables.kubectlErrors(words)));
    }
    assertThat(errors).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runbooks")
  void variablesAreSetBeforeTheirUse(String name, String text) {
    var set = new HashSet<String>();
    for (var section : text.split("(?m)^(?=### )")) {
      var scripts = SCRIPT.matcher(section);
      while (scripts.find()) {
        for (var line : scripts.group(1).split("\n")) {
          ASSIGNED.matcher(line).results().forEach(assigned -> set.add(assigned.group(1)));
          var read = SINGLE_QUOTED.matcher(line).replaceAll("");
          assertThat(USED.matcher(read).results().map(used -> used.group(1)))
              .as(line)
              .isSubsetOf(set);
        }
      }
      // The fix of each cause stands alone, but for the cluster.
      set.retainAll(Set.of("CLUSTER", "AWS_REGION"));
    }
  }

  @Test
  void theServiceOfAnActionIsThatOfIam() throws Exception {
    assertThat(runbooks().map(book -> (String) book[1]))
        .allSatisfy(text -> assertThat(text).doesNotContainPattern("\\belbv2:[A-Z]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      value = {
        "aws     ^ aws ec2 describe-subnets --subnet-id s ^ no option --subnet-id",
        "aws     ^ aws ec2 describe-subnet --subnet-ids s ^ no operation aws ec2 describe-subnet in",
        "aws     ^ aws ec2 describe-vpc-attribute --vpc-id v ^ needs --attribute",
        "aws     ^ aws eks describe-addon --cluster-name c --addon-name a --query addon.helth ^ no helth in",
        "aws     ^ X=$(aws elbv2 describe-target-health --query 'a[].b') ^ needs --target-group-arn",
        "aws     ^ for x in 1; do aws ec2 describe-vpcs --vpc-ids --output text; done ^ no value of option --vpc-ids",
        "kubectl ^ kubectl -n kube-system logs pod/x --previus ^ no option --previus",
        "kubectl ^ kubectl get endpointslice -A ^ no resource endpointslice",
        "kubectl ^ kubectl -n kube-system roll restart deployment coredns ^ no verb kubectl roll in",
        "kubectl ^ kubectl get pods | grep x; kubectl get pod,svcs ^ no resource svcs",
      })
  void wrongCommandsAreFound(String program, String script, String error) throws Exception {
    var tables = CommandTables.read();

    assertThat(
            ShellCommands.of(program, script)
                .flatMap(
                    words ->
                        (program.equals("aws")
                                ? tables.awsErrors(words)
                                : tables.kubectlErrors(words))
                            .stream()))
        .anySatisfy(found -> assertThat(found).contains(error));
  }

  private static Iterable<String> scripts(String text) {
    return () ->
        Stream.concat(
                SCRIPT.matcher(text).results().map(script -> script.group(1)),
                INLINE.matcher(text).results().map(command -> command.group(1)))
            .iterator();
  }

  private static Stream<Object[]> runbooks() throws IOException {
    var books = Stream.<Object[]>builder();
    for (Path file : Dashboards.files("runbooks", ".md")) {
      books.add(new Object[] {file.getFileName().toString(), Files.readString(file)});
    }
    return books.build();
  }
}
