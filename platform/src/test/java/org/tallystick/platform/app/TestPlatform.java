package org.tallystick.platform.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.TestDatabase;
import org.tallystick.platform.log.RealDisk;

/** A whole platform on a real database and a free port, in a directory of its own. */
public final class TestPlatform implements AutoCloseable {
    private final Config config;
    private final InstantSource clock;
    private final Database database;
    private Platform platform;
    private URI uri;

    private TestPlatform(Config config, InstantSource clock, Database database) {
        this.config = config;
        this.clock = clock;
        this.database = database;
        this.platform = Platform.on(database, RealDisk.INSTANCE, config, clock);
        this.uri = platform.serve(config);
    }

    /** Starts one. */
    public static TestPlatform start(Path data, InstantSource clock) {
        Config config = Config.from(Map.of("data", data.toString(), "port", "0"), Map.of(), Optional.empty());
        return new TestPlatform(config, clock, TestDatabase.fresh(clock));
    }

    /** Stops it and starts it again on the same data. */
    public void restart() {
        platform.close();
        platform = Platform.on(database, RealDisk.INSTANCE, config, clock);
        uri = platform.serve(config);
    }

    public URI uri() {
        return uri;
    }

    /** Its tools, beside what is served. */
    public Platform platform() {
        return platform;
    }

    public Platform running() {
        return platform;
    }

    public String operatorKey() {
        try {
            return Files.readString(config.data().resolve("operator.key")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        platform.close();
        database.close();
    }
}
