package org.tallystick.platform.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tallystick.platform.audit.Finding;
import org.tallystick.platform.audit.Replay;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.LogDamagedException;
import org.tallystick.platform.log.LogDifference;
import org.tallystick.platform.log.LogFsck;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.Verifier;

/**
 * {@code fsck} of a platform that is not running. If the platform opens, every area is checked. If it does not, because its
 * log is damaged, what can be checked without it is: the log file by file, the blobs and the ledger.
 */
public final class Inspection {
    private static final String LOG = "log";

    private final Config config;
    private final InstantSource clock;
    private final Consumer<String> progress;

    private Inspection(Config config, InstantSource clock, Consumer<String> progress) {
        this.config = config;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Checks everything that can be checked.
     *
     * @param progress told the name of each area before it is checked
     * @throws RuntimeException where it does not open although its log is sound: another process uses it, or the database
     *     is away
     */
    public static List<Finding> of(Config config, InstantSource clock, Consumer<String> progress) {
        Platform platform;
        try {
            platform = Platform.open(config, clock);
        } catch (RuntimeException e) {
            return new Inspection(config, clock, progress).ofWhatDoesNotOpen(e);
        }
        try (platform) {
            return platform.fsck().run(progress);
        }
    }

    /**
     * Counts and computes everything again from a copy of a log and of what its entries refer to: what an auditor does who has
     * no access to the platform's disk.
     *
     * @param folder holds {@code log} and {@code blobs}
     * @param key the log's, and so the platform's, public key
     * @throws LogDamagedException where there is no log that the key has signed
     */
    public static List<Finding> ofCopy(Path folder, NoteKey key, Consumer<String> progress) {
        Verifier verifier = Ed25519.verifier();
        List<Finding> findings = new ArrayList<>();
        try (TransparencyLog log = TransparencyLog.copy(folder.resolve(LOG), key, verifier);
                BlobStore blobs = BlobStore.open(folder.resolve("blobs"))) {
            progress.accept(LOG);
            LogFsck.Report report = log.verify();
            findings.add(new Finding(LOG, report.size() + " entries", lines(report.differences()), report.leftovers()));
            progress.accept("bundles, statements");
            Replay.Outcome outcome = new Replay(log, blobs, new DidKey(key.publicKey()), verifier).run();
            findings.add(outcome.bundles());
            findings.add(outcome.closes());
        }
        return findings;
    }

    private List<Finding> ofWhatDoesNotOpen(RuntimeException failure) {
        List<Finding> findings = new ArrayList<>();
        findings.add(area(LOG, this::log));
        boolean damaged = failure instanceof LogDamagedException
                || failure instanceof MalformedException
                || failure instanceof NoSuchElementException;
        if (!damaged && findings.getFirst().differences().isEmpty()) {
            throw failure;
        }
        findings.add(area("blobs", this::blobs));
        findings.add(area("ledger", this::ledger));
        findings.add(new Finding(
                "platform",
                "not at all",
                List.of("it does not open: " + failure.getMessage()),
                List.of("bundles, works, tables, sets and statements can be checked once the log is whole again, as"
                        + " from a backup")));
        return findings;
    }

    private Finding area(String name, Supplier<Finding> check) {
        progress.accept(name);
        try {
            return check.get();
        } catch (RuntimeException e) {
            return new Finding(name, "not to the end", List.of("the check itself failed: " + e), List.of());
        }
    }

    private Finding log() {
        Path key = config.data().resolve(Platform.KEY_FILE);
        if (Files.notExists(key)) {
            return new Finding(
                    LOG, "not at all", List.of(key.getFileName() + " is missing, which signed it"), List.of());
        }
        NoteKey log = NoteKey.of(
                config.origin(), Ed25519.signer(PlatformKey.loadOrMake(key)).publicKey());
        LogFsck.Report report = LogFsck.check(config.data().resolve(LOG), log, Ed25519.verifier());
        String checked = report.size() > 0
                ? report.size() + " entries"
                : "its tiles against one another, since no checkpoint can be believed";
        return new Finding(LOG, checked, lines(report.differences()), report.leftovers());
    }

    private Finding blobs() {
        try (BlobStore blobs = BlobStore.open(config.data().resolve("blobs"))) {
            return new Finding("blobs", "every blob hashed", lines(blobs.verify()), List.of());
        }
    }

    private Finding ledger() {
        try (Database database = Database.open(config.database(), clock)) {
            List<String> lines = database.read(new Ledger()::check).stream()
                    .map(d -> d.kind() + " of " + d.subject() + ": expected " + d.expected() + ", found " + d.found())
                    .toList();
            return new Finding("ledger", "every balance summed again", lines, List.of());
        }
    }

    private static List<String> lines(List<LogDifference> differences) {
        return differences.stream()
                .map(d -> d.file() + ": " + d.reason() + ": " + d.detail())
                .toList();
    }
}
