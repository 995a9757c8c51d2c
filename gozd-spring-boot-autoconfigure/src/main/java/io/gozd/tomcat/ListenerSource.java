package io.gozd.tomcat;

import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.Posix;

/**
 * Where a connector's listener comes from, and where the connector is counted.
 *
 * @param id the name of the directive
 * @param listeners the listeners of this process
 * @param endpoints the endpoints of this process
 * @param posix the operating system
 */
record ListenerSource(String id, ListenerTable listeners, Endpoints endpoints, Supplier<Posix> posix) {

}
