package hgauto;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the table of packages in docs/architecture.md. */
@AnalyzeClasses(packages = "hgauto", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule PACKAGES_IMPORT_ONLY_WHAT_IS_BELOW_THEM =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("hgauto.cli..")
          .layer("startup")
          .definedBy("hgauto.startup..")
          .layer("task")
          .definedBy("hgauto.task..")
          .layer("tryserver")
          .definedBy("hgauto.tryserver..")
          .layer("aws")
          .definedBy("hgauto.aws..")
          .layer("linux")
          .definedBy("hgauto.linux..")
          .layer("windows")
          .definedBy("hgauto.windows..")
          .layer("suite")
          .definedBy("hgauto.suite..")
          .layer("release")
          .definedBy("hgauto.release..")
          .layer("machine")
          .definedBy("hgauto.machine..")
          .layer("hg")
          .definedBy("hgauto.hg..")
          .layer("host")
          .definedBy("hgauto.host..")
          .layer("console")
          .definedBy("hgauto.console..")
          .layer("process")
          .definedBy("hgauto.process..")
          .layer("poll")
          .definedBy("hgauto.poll..")
          .layer("state")
          .definedBy("hgauto.state..")
          .layer("resource")
          .definedBy("hgauto.resource..")
          .layer("error")
          .definedBy("hgauto.error..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("startup")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("task")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("tryserver")
          .mayOnlyBeAccessedByLayers("cli", "task")
          .whereLayer("aws")
          .mayOnlyBeAccessedByLayers("cli", "task", "tryserver", "linux", "windows")
          .whereLayer("machine")
          .mayOnlyBeAccessedByLayers("cli", "task", "linux", "windows", "suite", "release", "aws")
          .whereLayer("linux")
          .mayOnlyBeAccessedByLayers("cli", "task")
          .whereLayer("windows")
          .mayOnlyBeAccessedByLayers("cli", "task")
          .whereLayer("suite")
          .mayOnlyBeAccessedByLayers("cli", "task", "linux", "windows")
          .whereLayer("release")
          .mayOnlyBeAccessedByLayers("cli", "task", "windows")
          .whereLayer("host")
          .mayOnlyBeAccessedByLayers("cli", "task", "linux", "windows")
          .whereLayer("hg")
          .mayOnlyBeAccessedByLayers("cli", "task", "tryserver", "linux", "windows", "suite")
          .whereLayer("console")
          .mayOnlyBeAccessedByLayers("cli", "task")
          .whereLayer("poll")
          .mayOnlyBeAccessedByLayers("cli", "task", "linux", "windows", "aws", "machine")
          .whereLayer("state")
          .mayOnlyBeAccessedByLayers(
              "cli",
              "task",
              "tryserver",
              "linux",
              "windows",
              "suite",
              "release",
              "aws",
              "machine",
              "hg")
          .whereLayer("process")
          .mayOnlyBeAccessedByLayers(
              "cli", "hg", "task", "tryserver", "linux", "aws", "machine", "release");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_IMPORTS_PICOCLI =
      noClasses()
          .that()
          .resideOutsideOfPackage("hgauto.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule ONLY_THE_AWS_LAYER_IMPORTS_THE_SDK =
      noClasses()
          .that()
          .resideOutsideOfPackage("hgauto.aws..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon.awssdk..");

  @ArchTest
  static final ArchRule ONLY_THE_MACHINE_LAYER_IMPORTS_MINA =
      noClasses()
          .that()
          .resideOutsideOfPackage("hgauto.machine..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.sshd..");

  @ArchTest
  static final ArchRule ONLY_THE_TRY_SERVER_IMPORTS_JETTY =
      noClasses()
          .that()
          .resideOutsideOfPackage("hgauto.tryserver..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.eclipse.jetty..");

  @ArchTest
  static final ArchRule ONLY_THE_MAIN_CLASSES_KNOW_THE_ENVIRONMENT_AND_END_THE_PROCESS =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("hgauto.cli.Main")
          .and()
          .doNotHaveFullyQualifiedName("hgauto.cli.Training")
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule ONLY_A_SECOND_CTRL_C_ENDS_THE_PROCESS_AT_ONCE =
      noClasses()
          .that()
          .haveNameNotMatching("hgauto\\.(process\\.Interrupt|cli\\.Training.*)")
          .should()
          .callMethod(Runtime.class, "halt", int.class);

  @ArchTest
  static final ArchRule NOBODY_SLEEPS_BUT_THE_ONE_WAITING_IDIOM =
      noClasses()
          .that()
          .resideOutsideOfPackage("hgauto.poll..")
          .should()
          .callMethod(Thread.class, "sleep", long.class);
}
