package io.gozd.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

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

	/**
	 * Configures the bundle "web", for whatever uses it.
	 */
	String[] arguments() {
		String bundle = "--spring.ssl.bundle.jks.web.keystore.";
		return new String[] { bundle + "location=file:" + this.keyStore, bundle + "password=" + PASSWORD,
				bundle + "type=PKCS12" };
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

	/**
	 * Trusts whoever answers: for keys that builds have made.
	 */
	static SSLContext trustingAll() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, new TrustManager[] { new TrustsAll() }, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new AssertionError(ex);
		}
	}

	Endpoint endpoint(int port) {
		return Endpoint.secured(port, context().getSocketFactory());
	}

	private static final class TrustsAll extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
			// It is trusted.
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
			// It is trusted.
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
			// It is trusted.
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
			// It is trusted.
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {
			// It is trusted.
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
			// It is trusted.
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
