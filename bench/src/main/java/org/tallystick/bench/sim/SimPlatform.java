package org.tallystick.bench.sim;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.tallystick.platform.api.handlers.Rooms;
import org.tallystick.platform.app.Config;
import org.tallystick.platform.app.Platform;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.UnavailableException;
import org.tallystick.platform.log.LogUnavailableException;
import org.tallystick.protocol.codec.Hash;

/** The real platform on a real database, over a simulated disk; it loses power now and then and is started again. */
final class SimPlatform implements AutoCloseable {
    private final Database database;
    private final SimDisk disk;
    private final SimClock clock;
    private final Config config;
    private Platform platform;
    private long size;
    private Hash root;

    SimPlatform(Database database, Path folder, SimClock clock, SplittableRandom random) {
        this.database = emptied(database);
        this.disk = new SimDisk(folder, random);
        this.clock = clock;
        this.config = Config.from(Map.of("data", folder.toString()), Map.of(), Optional.empty());
        this.platform = Platform.on(database, disk, config, clock.ofPlatform());
        this.size = platform.rooms().log().size();
        this.root = platform.rooms().log().rootAt(size);
    }

    private static Database emptied(Database database) {
        database.write(tx -> {
            List<String> schemas = tx.select("select nspname from pg_namespace where nspname !~ '^(pg_|information_)'"
                            + " and nspname <> 'public'")
                    .mapTo(String.class)
                    .list();
            schemas.forEach(schema -> tx.execute("drop schema \"" + schema + "\" cascade"));
            return schemas.size();
        });
        return database;
    }

    Rooms rooms() {
        return platform.rooms();
    }

    Platform platform() {
        return platform;
    }

    SimDisk disk() {
        return disk;
    }

    /**
     * Asks the platform something.
     *
     * @return its answer; empty where a failure of disk or database prevented one
     */
    <T> Optional<T> ask(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (LogUnavailableException | UnavailableException e) {
            return Optional.empty();
        }
    }

    /** Cuts the power, and starts everything again. */
    void losePower() {
        disk.losePower();
        platform.close();
        disk.powerOn();
        platform = Platform.on(database, disk, config, clock.ofPlatform());
    }

    /** Checks that the log is unchanged since the last check or has only grown. */
    void checkThatTheLogOnlyGrew() {
        long now = rooms().log().size();
        if (now < size || !rooms().log().rootAt(size).equals(root)) {
            throw new Violation("the log of " + size + " entries is not the beginning of the one of " + now);
        }
        rooms().sequencer().stoppedBy().ifPresent(why -> {
            throw new Violation("the sequencer has stopped", why);
        });
        size = now;
        root = rooms().log().rootAt(now);
    }

    @Override
    public void close() {
        disk.powerOn();
        platform.close();
    }
}
