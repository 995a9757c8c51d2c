package io.gozd.tomcat;

/**
 * What a web server says of itself and of its client, for those who ask.
 *
 * @param serverName the name of the web server, without a port; empty if it is not said
 * @param serverPort the port where it was asked, or -1
 * @param serverAddress its address; empty if it is not said
 * @param remoteHost the name of the client; empty if it is not said
 */
record FcgiOrigin(String serverName, int serverPort, String serverAddress, String remoteHost) {

	static final FcgiOrigin UNKNOWN = new FcgiOrigin("", -1, "", "");

}
