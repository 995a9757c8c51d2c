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
	private static final Map<String, Set<String>> KNOWN = Map.ofEntries(entry("posix"), entry("listener", "posix"),
			entry("directive", "posix", "listener"), entry("handover", "posix"), entry("drain", "posix", "listener"),
			entry("event", "drain"), entry("resident"),
			entry("daemon", "posix", "listener", "handover", "drain", "event", "resident"),
			entry("command", "posix", "handover", "daemon"), entry("servlet", "drain"), entry("reactive", "drain"),
			entry("fcgi"), entry("tomcat", "posix", "listener", "drain", "fcgi"),
			entry("tcp", "posix", "listener", "drain"), entry("channel", "posix", "listener", "drain"),
			entry("undertow", "posix", "listener", "drain"), entry("jetty", "posix", "listener", "drain"),
			entry("boot", "posix", "listener", "drain", "daemon", "tomcat", "undertow", "jetty"),
			entry("boot3", "posix", "listener", "drain", "daemon", "tomcat", "undertow", "jetty", "boot"),
			entry("boot4", "posix", "listener", "drain", "daemon", "tomcat", "jetty", "boot"),
			entry("autoconfigure", "posix", "listener", "directive", "drain", "daemon", "command", "servlet",
					"reactive", "tomcat", "undertow", "jetty", "tcp", "channel", "boot", "boot3", "boot4"));

	private static Map.Entry<String, Set<String>> entry(String name, String... known) {
		return Map.entry(name, Set.of(known));
	}

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
	static void onlyUndertowKnowsUndertow(JavaClasses classes) {
		noClasses().that()
			.resideOutsideOfPackages("io.gozd.undertow..", "io.undertow..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("io.undertow..", "org.xnio..")
			.because("another server is another package beside it")
			.check(classes);
	}

	@ArchTest
	static void onlyJettyKnowsJetty(JavaClasses classes) {
		noClasses().that()
			.resideOutsideOfPackage("io.gozd.jetty..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.eclipse.jetty..")
			.because("another server is another package beside it")
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
	static void theRecordsOfFastCgiKnowNobody(JavaClasses classes) {
		noClasses().that()
			.resideInAPackage("io.gozd.fcgi..")
			.should()
			.dependOnClassesThat(
					DescribedPredicate.not(resideInAnyPackage("io.gozd.fcgi..", "java..", "org.jspecify.."))
						.as("are not the JDK's"))
			.because("a protocol is tested without a server")
			.check(classes);
	}

	@ArchTest
	static void theServersSideKnowsNoSpring(JavaClasses classes) {
		noClasses().that()
			.resideInAnyPackage("io.gozd.tomcat..", "io.gozd.undertow..", "io.gozd.jetty..", "io.gozd.servlet..",
					"io.gozd.drain..", "io.gozd.listener..", "io.gozd.handover..", "io.gozd.posix..",
					"io.gozd.daemon..", "io.gozd.event..", "io.gozd.tcp..", "io.gozd.channel..", "io.gozd.fcgi..",
					"io.gozd.command..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..")
			.because(
					"what Spring is told of a daemon is said in autoconfigure, boot and its lines, and the streams in reactive"
							+ " are Spring's own")
			.check(classes);
	}

	@ArchTest
	static void onlyReactiveKnowsReactor(JavaClasses classes) {
		noClasses().that()
			.resideOutsideOfPackage("io.gozd.reactive..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("reactor..", "org.reactivestreams..", "org.springframework.web.reactive..")
			.because("most applications have none")
			.check(classes);
	}

	@ArchTest
	static void directiveKnowsOnlyPropertiesOfSpring(JavaClasses classes) {
		noClasses().that()
			.resideInAPackage("io.gozd.directive..")
			.should()
			.dependOnClassesThat(resideInAnyPackage("org.springframework..")
				.and(DescribedPredicate.not(resideInAnyPackage("org.springframework.core.env..",
						"org.springframework.boot.origin..", "org.springframework.boot.context.properties..",
						"org.springframework.boot.convert..", "org.springframework.util.unit..")))
				.as("are more of Spring than properties, where they are written and what they mean"))
			.because("it reads a configuration, and makes no beans")
			.check(classes);
	}

	@ArchTest
	static void onlyTheLinesKnowTypesThatMoved(JavaClasses classes) {
		noClasses().that()
			.resideOutsideOfPackages("io.gozd.boot3..", "io.gozd.boot4..")
			.should()
			.dependOnClassesThat(resideInAnyPackage("org.springframework.boot.web.embedded..",
					"org.springframework.boot.web.servlet.server..", "org.springframework.boot.web.reactive.server..",
					"org.springframework.boot.web.context..", "org.springframework.boot.web.servlet.context..",
					"org.springframework.boot.autoconfigure.web..", "org.springframework.boot.actuate..",
					"org.springframework.boot.env..", "org.springframework.boot.tomcat..",
					"org.springframework.boot.jetty..", "org.springframework.boot.web.server.servlet..",
					"org.springframework.boot.web.server.reactive..", "org.springframework.boot.web.server.context..",
					"org.springframework.boot.web.server.autoconfigure..", "org.springframework.boot.health..")
				.as("are elsewhere in the other line of Spring Boot"))
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
			.and()
			.resideOutsideOfPackage("io.gozd.resident..")
			.and(DescribedPredicate.not(DescribedPredicate.describe("are inside it",
					(JavaClass type) -> type.getName().startsWith("io.gozd.daemon.SignalTrap$"))))
			.should()
			.dependOnClassesThat()
			.resideInAPackage("sun.misc..")
			.because("the JDK promises no such class; the resident process has one of its own")
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
			.resideInAnyPackage("io.gozd.tomcat..", "io.gozd.undertow..", "io.gozd.servlet..", "io.gozd.reactive..")
			.and()
			.arePublic()
			.should(haveSimpleNameOf(Set.of("TomcatConnectors", "TomcatWebSockets", "HandoverProtocol", "FcgiProtocol",
					"UndertowListeners", "UndertowWebSockets", "Tls", "EventStreamFilter", "WebDirectives",
					"EventStreamWebFilter")))
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
