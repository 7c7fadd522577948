package org.tallystick.platform.api;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the API listens.
 *
 * @param host name or address to bind to
 * @param port 0 for any free one
 * @param temporary directory for parts of forms too large for memory
 */
public record ApiConfig(String host, int port, Path temporary) {
    public ApiConfig {
        Objects.requireNonNull(temporary);
        if (host.isBlank() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException("not an address: " + host + ":" + port);
        }
    }
}
