package org.tallystick.cli.system;

import java.nio.file.Path;

/**
 * Where things lie below a data folder.
 *
 * @param root the data folder
 */
public record Layout(Path root) {
    public Layout {
        root = root.toAbsolutePath().normalize();
    }

    /** The platform's own folder. */
    public Path platform() {
        return root.resolve("platform");
    }

    /** The edge's own folder. */
    public Path edge() {
        return root.resolve("edge");
    }

    /** The output of the processes. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** The operator's API key. */
    public Path operatorKey() {
        return platform().resolve("operator.key");
    }

    /** Checkpoint and tiles of the log. */
    public Path log() {
        return platform().resolve("log");
    }

    /** Where the running platform listens; absent while none runs. */
    Path address() {
        return root.resolve("platform.address");
    }

    /** Number of the edge registered here. */
    Path edgeNumber() {
        return root.resolve("edge.number");
    }

    /** API key of the edge registered here. */
    Path edgeKey() {
        return root.resolve("edge.key");
    }
}
