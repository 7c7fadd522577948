package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.ledger.Difference;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.LogFsck;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.protocol.DidKey;
import org.tallystick.protocol.Verifier;

/**
 * Recomputes everything from the log and the blobs and says what differs from what is stored. Changes nothing. Each area
 * is checked even where another is damaged, so that one look shows all there is to mend.
 */
public final class Fsck {
    private final TransparencyLog log;
    private final BlobStore blobs;
    private final Database database;
    private final Ledger ledger;
    private final Metering metering;
    private final Supplier<List<String>> statements;
    private final DidKey platform;
    private final Verifier verifier;

    /**
     * @param statements recomputes every close and names the statements and postings that differ
     * @param platform the platform's public key
     */
    public Fsck(
            TransparencyLog log,
            BlobStore blobs,
            Database database,
            Ledger ledger,
            Metering metering,
            Supplier<List<String>> statements,
            DidKey platform,
            Verifier verifier) {
        this.log = log;
        this.blobs = blobs;
        this.database = database;
        this.ledger = ledger;
        this.metering = metering;
        this.statements = statements;
        this.platform = platform;
        this.verifier = verifier;
    }

    /**
     * Checks every area, in the order in which they build on one another.
     *
     * @param progress told the name of each area before it is checked
     */
    public List<Finding> run(Consumer<String> progress) {
        List<Finding> findings = new ArrayList<>();
        findings.add(area("log", progress, this::log));
        findings.add(area("blobs", progress, this::blobs));
        findings.add(area("bundles", progress, () -> new BundleCheck(log, blobs, platform, verifier).run()));
        findings.add(area("sets", progress, () -> finding("sets", "usage sets folded again", metering.check())));
        findings.add(area("ledger", progress, this::ledger));
        findings.add(
                area("statements", progress, () -> finding("statements", "closes computed again", statements.get())));
        return findings;
    }

    private static Finding area(String name, Consumer<String> progress, Supplier<Finding> check) {
        progress.accept(name);
        try {
            return check.get();
        } catch (RuntimeException e) {
            return finding(name, "not to the end", List.of("the check itself failed: " + e));
        }
    }

    private Finding log() {
        LogFsck.Report report = log.verify();
        return new Finding("log", report.size() + " entries", lines(report.differences()), report.leftovers());
    }

    private Finding blobs() {
        return finding("blobs", "every blob hashed", lines(blobs.verify()));
    }

    private Finding ledger() {
        List<Difference> found = database.read(ledger::check);
        List<String> lines = found.stream()
                .map(d -> d.kind() + " of " + d.subject() + ": expected " + d.expected() + ", found " + d.found())
                .toList();
        return finding("ledger", "every balance summed again", lines);
    }

    private static List<String> lines(List<LogFsck.Difference> differences) {
        return differences.stream()
                .map(d -> d.file() + ": " + d.reason() + ": " + d.detail())
                .toList();
    }

    private static Finding finding(String area, String checked, List<String> differences) {
        return new Finding(area, checked, differences, List.of());
    }
}
