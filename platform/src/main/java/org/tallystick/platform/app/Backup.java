package org.tallystick.platform.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.db.PersonalTables;
import org.tallystick.platform.kernel.PrivateFolder;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.protocol.log.Checkpoint;
import org.tallystick.protocol.sign.SignedNote;

/**
 * A copy of a platform, taken while it runs, and a platform from a copy.
 *
 * <p>Log and blobs only ever grow, so their files are copied as they lie; the checkpoint is read before the first and put in
 * place after the last, so that everything it covers is there. Of the database only the personal tables are copied, once it
 * has taken in what the checkpoint covers: the rest is made again from the log. The copy holds the platform's keys.
 */
public final class Backup {
    private static final String CHECKPOINT = "checkpoint";
    private static final String PERSONAL = "personal";
    private static final List<String> SINGLE = List.of("platform.key", "operator.key", "tallystick.properties");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Backup() {}

    /**
     * What was copied.
     *
     * @param entries under the log's checkpoint
     * @param files copied now; what an earlier backup in the same place had is not copied again
     * @param bytes of these
     * @param personalRows rows of the personal tables
     */
    public record Copied(long entries, long files, long bytes, long personalRows) {}

    /**
     * Takes a backup; the platform may run or not.
     *
     * @param to made where it is missing; a backup of the same platform there is brought up to date
     * @throws IllegalStateException where the folder holds something else, or the database lags behind for too long
     * @throws UncheckedIOException where a file cannot be read or written
     */
    public static Copied take(Config config, Path to, InstantSource clock) {
        Path data = config.data();
        try {
            byte[] checkpoint = checkpoint(data);
            long entries = size(checkpoint);
            PrivateFolder.own(to);
            checkIsSame(data, to);
            Mirror mirror = new Mirror();
            mirror.tree(data.resolve("log"), to.resolve("log"), Backup::isNotToStay);
            mirror.tree(data.resolve("blobs"), to.resolve("blobs"), Backup::isNotToStay);
            // A bundle may have been packed under our eyes; its packed form, which stays, lies there by now.
            mirror.tree(data.resolve("blobs"), to.resolve("blobs"), Backup::isNotToStay);
            for (String name : SINGLE) {
                mirror.fileIfThere(data.resolve(name), to.resolve(name));
            }
            long rows;
            try (Database database = Database.beside(config.database(), clock)) {
                awaitApplied(database, entries);
                Path folder = PrivateFolder.own(to.resolve(PERSONAL));
                rows = database.read(tx -> PersonalTables.write(tx, folder));
            }
            put(to.resolve("log").resolve(CHECKPOINT), checkpoint);
            return new Copied(entries, mirror.files(), mirror.bytes(), rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] checkpoint(Path data) throws IOException {
        try {
            return Files.readAllBytes(data.resolve("log").resolve(CHECKPOINT));
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(data + " holds no platform's log", e);
        }
    }

    private static long size(byte[] checkpoint) {
        return Checkpoint.parse(SignedNote.parse(checkpoint).text()).size();
    }

    /** Refuses a folder that holds the backup of another platform. */
    private static void checkIsSame(Path data, Path to) throws IOException {
        Path key = to.resolve("platform.key");
        boolean other = Files.exists(key) && Files.mismatch(key, data.resolve("platform.key")) != -1;
        if (other || (Files.notExists(key) && !isEmpty(to))) {
            throw new IllegalStateException(to + " holds something else than a backup of this platform");
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** Files that come and go: the writer's lock, what is being written, the checkpoint. */
    private static boolean isNotToStay(Path path) {
        String name = String.valueOf(path.getFileName());
        return name.startsWith(".") || name.equals(CHECKPOINT) || name.endsWith(".lock") || name.equals("lock");
    }

    private static void awaitApplied(Database database, long entries) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (database.read(Sequencer::applied) < entries) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the database has not taken in all of the log's " + entries
                        + " entries; start the platform first, it does so then");
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private static void put(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(".new-" + file.getFileName());
        Files.write(fresh, content, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        new Mirror().file(fresh, file);
        Files.delete(fresh);
    }

    /**
     * Makes a platform from a backup: copies it, puts the personal tables into an empty database, and applies the whole log.
     *
     * @param config of the platform to be; its data folder is empty or missing
     * @return what was copied; it is complete once this returns
     * @throws IllegalStateException where there is no backup or the folder is not empty
     * @throws org.tallystick.platform.log.LogDamagedException where the backup is damaged
     */
    public static Copied restore(Path from, Config config, InstantSource clock) {
        Path data = config.data();
        try {
            byte[] checkpoint = checkpoint(from);
            if (!isEmpty(data)) {
                throw new IllegalStateException(data + " is not empty; a backup is restored into an empty folder");
            }
            PrivateFolder.own(data);
            Mirror mirror = new Mirror();
            mirror.tree(from.resolve("log"), data.resolve("log"), Backup::isNotToStay);
            mirror.tree(from.resolve("blobs"), data.resolve("blobs"), Backup::isNotToStay);
            for (String name : SINGLE) {
                mirror.fileIfThere(from.resolve(name), data.resolve(name));
            }
            put(data.resolve("log").resolve(CHECKPOINT), checkpoint);
            long rows;
            try (Database database = Database.open(config.database(), clock)) {
                database.migrate();
                rows = database.write(tx -> PersonalTables.read(tx, from.resolve(PERSONAL)));
            }
            try (Platform platform = Platform.open(config, clock)) {
                platform.metering().catchUp();
                return new Copied(platform.log().size(), mirror.files(), mirror.bytes(), rows);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
