package org.tallystick.platform.api;

import java.nio.file.Path;
import java.util.Objects;
import org.tallystick.platform.api.dispatch.Limits;

/**
 * Where the API listens.
 *
 * @param host name or address to bind to
 * @param port 0 for any free one
 * @param temporary directory for bodies, and parts of forms, too large for memory
 * @param limits what callers may take
 */
public record ApiConfig(String host, int port, Path temporary, Limits limits) {
    public ApiConfig {
        Objects.requireNonNull(temporary);
        Objects.requireNonNull(limits);
        if (host.isBlank() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not an address: " + host + ":" + port);
        }
    }
}
