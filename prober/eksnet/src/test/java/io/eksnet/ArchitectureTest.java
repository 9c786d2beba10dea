package io.eksnet;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import io.eksnet.probe.ProbeKinds;
import java.time.Clock;
import java.time.Instant;

/** The boundaries of docs/contributing/architecture.md, one rule a sentence. */
@AnalyzeClasses(
    packages = "io.eksnet",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.WithoutTheLab.class})
class ArchitectureTest {
  private static final DescribedPredicate<JavaClass> VALUES =
      resideInAnyPackage("io.eksnet.model..", "io.eksnet.config", "java..", "org.jspecify..")
          .or(
              DescribedPredicate.describe(
                  "are records, their builders or enums",
                  c ->
                      c.isRecord() || c.isEnum() || c.getSimpleName().endsWith("SettingsBuilder")));

  @ArchTest
  static final ArchRule modelIsPlainJava =
      classes()
          .that()
          .resideInAPackage("io.eksnet.model..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("io.eksnet.model..", "java..", "org.jspecify.."));

  @ArchTest
  static final ArchRule modelHasNoComponentThatNothingReads =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("io.eksnet.model..")
          .and(DescribedPredicate.describe("are accessors of a record", ArchitectureTest::reads))
          .should(
              ArchCondition.from(DescribedPredicate.describe("be used", ArchitectureTest::used)));

  @ArchTest
  static final ArchRule decisionsImportOnlyValues =
      classes()
          .that()
          .resideInAnyPackage("io.eksnet.plan", "io.eksnet.agent.plan", "io.eksnet.diagnosis")
          .should()
          .onlyDependOnClassesThat(
              VALUES
                  .or(
                      resideInAnyPackage(
                          "io.eksnet.plan", "io.eksnet.agent.plan", "io.eksnet.diagnosis"))
                  // the list of kinds, which read a target from its text
                  .or(type(ProbeKinds.class)));

  @ArchTest
  static final ArchRule decisionsReadNoClock =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.eksnet.model..",
              "io.eksnet.config",
              "io.eksnet.plan",
              "io.eksnet.agent.plan",
              "io.eksnet.diagnosis")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class);

  @ArchTest
  static final ArchRule onlyTheConfigReadsYaml = onlyIn("io.eksnet.config..", "org.snakeyaml..");

  @ArchTest
  static final ArchRule onlyTheMetricsKnowMicrometerAndThePrometheusClient =
      onlyIn("io.eksnet..metrics..", "io.micrometer..", "io.prometheus..");

  @ArchTest
  static final ArchRule onlyTheWebServesHttp = onlyIn("io.eksnet..web..", "io.vertx.ext..");

  @ArchTest static final ArchRule onlyProbesSpeakDns = onlyIn("io.eksnet.probe..", "org.xbill..");

  @ArchTest
  static final ArchRule onlyOneSourceKnowsTheKubernetesClient =
      onlyIn("io.eksnet.inventory.kube..", "io.fabric8..");

  @ArchTest
  static final ArchRule onlyOneSourceKnowsTheAwsSdk =
      onlyIn("io.eksnet.inventory.aws..", "software.amazon..");

  @ArchTest
  static final ArchRule onlyTheCommandsParseFlags =
      onlyIn("io.eksnet.cli..", "picocli..", "ch.qos.logback..");

  @ArchTest
  static final ArchRule onlyTheCommandsReadTheEnvironment =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.eksnet.cli")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  @ArchTest
  static final ArchRule kindsAreIslands =
      slices()
          .matching("io.eksnet.probe.(dns|grpc|http|tcp|tls)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.eksnet.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theEdgesDoNotKnowEachOther =
      noClasses()
          .that(
              resideInAnyPackage(
                  "io.eksnet.probe..", "io.eksnet.inventory..", "io.eksnet.metrics.."))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.eksnet.web..",
                  "io.eksnet.agent",
                  "io.eksnet.cli..",
                  "io.eksnet.controller.."));

  static final class WithoutTheLab implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/prober/lab/")
          && !location.contains("eksnet-lab")
          && !location.contains("-tests.jar");
    }
  }

  private static boolean reads(JavaMethod method) {
    return method.getOwner().isRecord()
        && method.getRawParameterTypes().isEmpty()
        && method.getOwner().tryGetField(method.getName()).isPresent();
  }

  /** By a caller, or by another method of the record. */
  private static boolean used(JavaMethod accessor) {
    return !accessor.getAccessesToSelf().isEmpty()
        || accessor.getOwner().getField(accessor.getName()).getAccessesToSelf().stream()
            .map(JavaAccess::getOrigin)
            .anyMatch(origin -> origin instanceof JavaMethod && !origin.equals(accessor));
  }

  private static ArchRule onlyIn(String home, String... libraries) {
    return noClasses()
        .that(DescribedPredicate.not(resideInAPackage(home)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(libraries))
        .allowEmptyShould(true);
  }
}
