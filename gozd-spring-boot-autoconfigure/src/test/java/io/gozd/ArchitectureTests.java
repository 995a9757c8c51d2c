package io.gozd;

import java.util.Map;
import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

@AnalyzeClasses(packages = "io.gozd", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTests {

	/**
	 * What each package may know of the others: docs/design.md has them in this order.
	 */
	private static final Map<String, Set<String>> KNOWN = Map.of("posix", Set.of(), "listener", Set.of("posix"),
			"handover", Set.of("posix"), "drain", Set.of(), "event", Set.of("drain"), "daemon",
			Set.of("posix", "listener", "handover", "drain", "event"), "servlet", Set.of("drain"), "tomcat",
			Set.of("posix", "listener", "drain"), "boot3", Set.of("posix", "daemon", "tomcat"), "autoconfigure",
			Set.of("drain", "daemon", "servlet", "tomcat", "boot3"));

	@ArchTest
	static void noPackageCycles(JavaClasses classes) {
		slices().matching("io.gozd.(*)..")
			.should()
			.beFreeOfCycles()
			.because("each package is understood with those above it alone")
			.check(classes);
	}

	@ArchTest
	static void onlyPosixKnowsJnr(JavaClasses classes) {
		noClasses().that()
			.resideOutsideOfPackage("io.gozd.posix..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("jnr..")
			.because("the operating system is behind one small interface, which tests can replace")
			.check(classes);
	}

	@ArchTest
	static void onlyTomcatKnowsTomcat(JavaClasses classes) {
		noClasses().that()
			.resideOutsideOfPackage("io.gozd.tomcat..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.apache.catalina..", "org.apache.coyote..", "org.apache.tomcat..")
			.because("another server is another package beside it")
			.check(classes);
	}

	@ArchTest
	static void tomcatKnowsNoSpring(JavaClasses classes) {
		noClasses().that()
			.resideInAnyPackage("io.gozd.tomcat..", "io.gozd.servlet..", "io.gozd.drain..", "io.gozd.listener..",
					"io.gozd.handover..", "io.gozd.posix..", "io.gozd.daemon..", "io.gozd.event..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..")
			.because("what Spring is told of a daemon is said in autoconfigure and boot3")
			.check(classes);
	}

	@ArchTest
	static void onlyBoot3KnowsTypesThatMoved(JavaClasses classes) {
		noClasses().that()
			.resideOutsideOfPackage("io.gozd.boot3..")
			.should()
			.dependOnClassesThat(resideInAnyPackage("org.springframework.boot.web.embedded..",
					"org.springframework.boot.web.servlet.server..", "org.springframework.boot.web.reactive.server..",
					"org.springframework.boot.web.context..", "org.springframework.boot.web.servlet.context..",
					"org.springframework.boot.autoconfigure.web..", "org.springframework.boot.actuate..",
					"org.springframework.boot.env..")
				.as("are elsewhere in Spring Boot 4"))
			.because("a class that names a type that is not there can't be loaded")
			.check(classes);
	}

	@ArchTest
	static void nobodyKnowsTheAutoconfiguration(JavaClasses classes) {
		noClasses().that()
			.resideOutsideOfPackage("io.gozd.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("io.gozd.autoconfigure..")
			.because("it only puts together what works without it")
			.check(classes);
	}

	@ArchTest
	static void signalsAreTakenInOnePlace(JavaClasses classes) {
		noClasses().that()
			.doNotHaveFullyQualifiedName("io.gozd.daemon.SignalTrap")
			.and(DescribedPredicate.not(DescribedPredicate.describe("are inside it",
					(JavaClass type) -> type.getName().startsWith("io.gozd.daemon.SignalTrap$"))))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("sun.misc..")
			.because("the JDK promises no such class")
			.check(classes);
	}

	@ArchTest
	static void classesAreFinal(JavaClasses classes) {
		classes().that()
			.areNotInterfaces()
			.and()
			.areNotEnums()
			.and()
			.areNotAnonymousClasses()
			.and()
			.haveSimpleNameNotEndingWith("package-info")
			.and()
			.areNotAnnotatedWith("org.springframework.context.annotation.Configuration")
			.should()
			.haveModifier(JavaModifier.FINAL)
			.because("nothing here is made to be inherited from")
			.check(classes);
	}

	@ArchTest
	static void theServersSideHasFewPublicTypes(JavaClasses classes) {
		classes().that()
			.resideInAnyPackage("io.gozd.tomcat..", "io.gozd.servlet..")
			.and()
			.arePublic()
			.should(haveSimpleNameOf(Set.of("TomcatConnectors", "TomcatWebSockets", "HandoverProtocol", "EventStreams",
					"EventStreamFilter")))
			.because("what is public can't be changed without asking")
			.check(classes);
	}

	@ArchTest
	static void eachPackageKnowsOnlyThoseAboveIt(JavaClasses classes) {
		Set<JavaPackage> packages = classes.getPackage("io.gozd").getSubpackages();
		assertThat(packages).extracting(JavaPackage::getRelativeName)
			.containsExactlyInAnyOrderElementsOf(KNOWN.keySet());
		KNOWN.forEach((name, known) -> noClasses().that()
			.resideInAPackage("io.gozd." + name + "..")
			.should()
			.dependOnClassesThat(DescribedPredicate.describe("are in a package that it does not know",
					(type) -> type.getPackageName().startsWith("io.gozd.")
							&& !type.getPackageName().equals("io.gozd." + name)
							&& known.stream().noneMatch((other) -> type.getPackageName().equals("io.gozd." + other))))
			.because("docs/design.md says that " + name + " knows " + known)
			.check(classes));
	}

	@ArchTest
	static void everyPackageIsNullMarked(JavaClasses classes) {
		assertThat(classes.getPackage("io.gozd").getSubpackages()).isNotEmpty()
			.allSatisfy((each) -> assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue());
	}

	private static ArchCondition<JavaClass> haveSimpleNameOf(Set<String> names) {
		return ArchCondition.from(DescribedPredicate.describe("be one of " + names,
				(JavaClass type) -> names.contains(type.getSimpleName())));
	}

}
