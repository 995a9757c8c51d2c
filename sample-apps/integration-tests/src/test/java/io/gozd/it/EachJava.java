package io.gozd.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;

/**
 * A test that is run once with each JDK, which it takes as its first argument.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@ArgumentsSource(EachJava.JavaHomes.class)
@interface EachJava {

	/**
	 * Whether the short form has each of them, too; else it has the first alone.
	 */
	boolean inShortForm() default true;

	final class JavaHomes implements ArgumentsProvider, AnnotationConsumer<EachJava> {

		private boolean inShortForm;

		@Override
		public void accept(EachJava annotation) {
			this.inShortForm = annotation.inShortForm();
		}

		@Override
		public Stream<? extends Arguments> provideArguments(ExtensionContext context) {
			SuiteSettings settings = SuiteSettings.fromSystemProperties();
			Stream<JavaHome> homes = (settings.full() || this.inShortForm) ? settings.javaHomes().stream()
					: Stream.of(settings.java());
			return homes.map(Arguments::of);
		}

	}

}
