package io.gozd.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key made for one test: a daemon serves with it, clients trust it.
 *
 * @param keyStore the file with the key
 */
record Tls(Path keyStore) {

	private static final String PASSWORD = "changeit";

	static Tls generate(JavaHome java, Path directory) {
		Path keyStore = directory.resolve("web.p12");
		try {
			Process keytool = new ProcessBuilder(java.tool("keytool").toString(), "-genkeypair", "-alias", "web",
					"-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30", "-dname", "CN=localhost", "-ext",
					"san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", keyStore.toString(),
					"-storepass", PASSWORD)
				.redirectErrorStream(true)
				.start();
			String output = new String(keytool.getInputStream().readAllBytes());
			if (keytool.waitFor() != 0) {
				throw new AssertionError(output);
			}
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
		return new Tls(keyStore);
	}

	String[] arguments() {
		String bundle = "--spring.ssl.bundle.jks.web.keystore.";
		return new String[] { bundle + "location=file:" + this.keyStore, bundle + "password=" + PASSWORD,
				bundle + "type=PKCS12", "--server.ssl.bundle=web" };
	}

	SSLContext context() {
		try (InputStream in = Files.newInputStream(this.keyStore)) {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(in, PASSWORD.toCharArray());
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("web", store.getCertificate("web"));
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trusted);
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new AssertionError(ex);
		}
	}

	Endpoint endpoint(int port) {
		return Endpoint.secured(port, context().getSocketFactory());
	}

}
