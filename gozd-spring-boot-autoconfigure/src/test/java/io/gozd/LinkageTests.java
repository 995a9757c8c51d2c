package io.gozd;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.gozd.boot.BootLine;
import io.gozd.drain.Drain;
import org.junit.jupiter.api.Test;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.Label;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.Type;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every class, method and field of others that ours name is there: the compiler has seen
 * one line of Spring Boot and of the servers, and the same classes run on another.
 */
final class LinkageTests {

	/** What is for the other line, or for a server that this line does not have. */
	private static final List<String> ELSEWHERE = switch (BootLine.present()) {
		case THREE -> List.of("/io/gozd/boot4/");
		case FOUR -> List.of("/io/gozd/boot3/", "/io/gozd/undertow/", "/io/undertow/");
	};

	private static final ClassLoader LOADER = LinkageTests.class.getClassLoader();

	private final TreeSet<String> missing = new TreeSet<>();

	@Test
	void allThatIsNamedIsThere() throws IOException {
		String place = Drain.class.getProtectionDomain().getCodeSource().getLocation().toString();
		String root = place.endsWith(".jar") ? "jar:" + place + "!/" : place;
		int read = 0;
		for (Resource file : new PathMatchingResourcePatternResolver(LOADER).getResources(root + "**/*.class")) {
			String url = file.getURL().toString();
			if (ELSEWHERE.stream().noneMatch(url::contains)) {
				read(file);
				read++;
			}
		}
		assertThat(read).isGreaterThan(100);
		assertThat(this.missing).isEmpty();
	}

	private void read(Resource file) throws IOException {
		try (InputStream in = file.getInputStream()) {
			ClassReader reader = new ClassReader(in);
			reader.accept(new References(reader.getClassName()), ClassReader.SKIP_DEBUG);
		}
	}

	private void check(String by, String owner, String name, String descriptor, boolean method) {
		if (owner.startsWith("[") || owner.startsWith("java/")) {
			return;
		}
		try {
			Class<?> type = Class.forName(owner.replace('/', '.'), false, LOADER);
			if (name != null && hierarchy(type)
				.noneMatch((each) -> method ? hasMethod(each, name, descriptor) : hasField(each, name, descriptor))) {
				this.missing.add(by + " names " + owner + "." + name + descriptor);
			}
		}
		catch (ClassNotFoundException | NoClassDefFoundError ex) {
			this.missing.add(by + " names " + owner);
		}
	}

	private static boolean hasMethod(Class<?> type, String name, String descriptor) {
		// MethodHandle.invokeExact and the like have any descriptor.
		return type.getName().startsWith("java.lang.invoke.") || Stream
			.<Executable>concat(Stream.of(type.getDeclaredMethods()), Stream.of(type.getDeclaredConstructors()))
			.anyMatch((each) -> nameOf(each).equals(name) && descriptorOf(each).equals(descriptor));
	}

	private static boolean hasField(Class<?> type, String name, String descriptor) {
		for (Field field : type.getDeclaredFields()) {
			if (field.getName().equals(name) && Type.getDescriptor(field.getType()).equals(descriptor)) {
				return true;
			}
		}
		return false;
	}

	private static String nameOf(Executable each) {
		return (each instanceof Method) ? each.getName() : "<init>";
	}

	private static String descriptorOf(Executable each) {
		return (each instanceof Method method) ? Type.getMethodDescriptor(method)
				: Type.getConstructorDescriptor((Constructor<?>) each);
	}

	private static Stream<Class<?>> hierarchy(Class<?> type) {
		List<Class<?>> types = new ArrayList<>(List.of(type));
		for (int i = 0; i < types.size(); i++) {
			types.addAll(List.of(types.get(i).getInterfaces()));
			if (types.get(i).getSuperclass() != null) {
				types.add(types.get(i).getSuperclass());
			}
		}
		types.add(Object.class);
		return types.stream();
	}

	private final class References extends ClassVisitor {

		private final String by;

		References(String by) {
			super(Opcodes.ASM9);
			this.by = by;
		}

		@Override
		public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
			check(this.by, parent, null, null, false);
			for (String each : interfaces) {
				check(this.by, each, null, null, false);
			}
		}

		@Override
		public FieldVisitor visitField(int access, String name, String descriptor, String signature, Object value) {
			types(descriptor);
			return null;
		}

		@Override
		public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
				String[] exceptions) {
			types(descriptor);
			return new MethodVisitor(Opcodes.ASM9) {

				@Override
				public void visitMethodInsn(int opcode, String owner, String called, String calledDescriptor,
						boolean isInterface) {
					types(calledDescriptor);
					check(References.this.by, owner, called, calledDescriptor, true);
				}

				@Override
				public void visitFieldInsn(int opcode, String owner, String field, String fieldDescriptor) {
					types(fieldDescriptor);
					check(References.this.by, owner, field, fieldDescriptor, false);
				}

				@Override
				public void visitTypeInsn(int opcode, String type) {
					check(References.this.by, type, null, null, false);
				}

				@Override
				public void visitInvokeDynamicInsn(String dynamic, String dynamicDescriptor, Handle bootstrap,
						Object... arguments) {
					types(dynamicDescriptor);
					for (Object argument : arguments) {
						constant(argument);
					}
				}

				@Override
				public void visitLdcInsn(Object value) {
					constant(value);
				}

				@Override
				public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
					if (type != null) {
						check(References.this.by, type, null, null, false);
					}
				}

			};
		}

		/** What a lambda or a method reference calls is a constant. */
		private void constant(Object value) {
			if (value instanceof Type type) {
				types(type.getDescriptor());
			}
			else if (value instanceof Handle handle) {
				types(handle.getDesc());
				check(this.by, handle.getOwner(), handle.getName(), handle.getDesc(),
						handle.getTag() > Opcodes.H_PUTSTATIC);
			}
		}

		private void types(String descriptor) {
			if (descriptor.startsWith("(")) {
				types(Type.getReturnType(descriptor).getDescriptor());
				for (Type argument : Type.getArgumentTypes(descriptor)) {
					types(argument.getDescriptor());
				}
			}
			else if (descriptor.endsWith(";")) {
				String element = descriptor.substring(descriptor.lastIndexOf('[') + 1);
				check(this.by, element.substring(1, element.length() - 1), null, null, false);
			}
		}

	}

}
