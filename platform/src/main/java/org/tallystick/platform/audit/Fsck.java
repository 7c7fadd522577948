package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Intake;
import org.tallystick.platform.delivery.RefusedBatches;
import org.tallystick.platform.ledger.Difference;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.LogDifference;
import org.tallystick.platform.log.LogFsck;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.platform.settlement.closing.SetAside;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

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
    private final Settlement settlement;
    private final List<Projection> projections;
    private final DidKey platform;
    private final Verifier verifier;

    /**
     * @param projections what the rooms make of the log, in their order
     * @param platform the platform's public key
     */
    public Fsck(
            TransparencyLog log,
            BlobStore blobs,
            Database database,
            Ledger ledger,
            Metering metering,
            Settlement settlement,
            List<Projection> projections,
            DidKey platform,
            Verifier verifier) {
        this.log = log;
        this.blobs = blobs;
        this.database = database;
        this.ledger = ledger;
        this.metering = metering;
        this.settlement = settlement;
        this.projections = List.copyOf(projections);
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
        Replay replay = new Replay(log, blobs, platform, verifier);
        List<Replay.Outcome> replayed = new ArrayList<>(); // one, or none where it failed
        findings.add(area("bundles", progress, () -> {
            Replay.Outcome outcome = replay.run();
            replayed.add(outcome);
            return outcome.bundles();
        }));
        findings.add(area("keys", progress, () -> keys(replayed.stream().findFirst())));
        findings.add(area("refused", progress, this::refused));
        findings.add(area("works", progress, () -> works(replayed.stream().findFirst())));
        findings.add(area("tables", progress, () -> new TableStore(log, blobs, projections).run(database)));
        findings.add(area(
                "sets",
                progress,
                () -> new Finding("sets", "usage sets folded again", metering.check(), metering.notes())));
        findings.add(area("ledger", progress, this::ledger));
        findings.add(
                area("statements", progress, () -> statements(replayed.stream().findFirst())));
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

    /** What revoked keys have signed since: nothing of it counts, and somebody should know. */
    private Finding refused() {
        List<String> notes = database.read(Intake::refused).stream()
                .map(RefusedBatches::words)
                .toList();
        return new Finding("refused", notes.size() + " revoked keys used since", List.of(), notes);
    }

    private static Finding keys(Optional<Replay.Outcome> replayed) {
        return replayed.map(Replay.Outcome::keys)
                .orElseGet(
                        () -> finding("keys", "not at all", List.of("the log that holds them could not be replayed")));
    }

    private static Finding works(Optional<Replay.Outcome> replayed) {
        return replayed.map(Replay.Outcome::works)
                .orElseGet(
                        () -> finding("works", "not at all", List.of("the log that lists them could not be replayed")));
    }

    private Finding statements(Optional<Replay.Outcome> replayed) {
        List<String> lines = new ArrayList<>(database.read(settlement::check));
        if (replayed.isEmpty()) {
            lines.add("closes were not computed again, because the log could not be replayed");
            return finding("statements", "the tables alone", lines);
        }
        lines.addAll(replayed.get().closes().differences());
        lines.addAll(database.read(tx -> settlement.check(tx, replayed.get().recomputation())));
        List<String> notes = database.read(settlement::setAside).stream()
                .map(SetAside::words)
                .toList();
        return new Finding("statements", replayed.get().closes().checked(), lines, notes);
    }

    private static List<String> lines(List<LogDifference> differences) {
        return differences.stream()
                .map(d -> d.file() + ": " + d.reason() + ": " + d.detail())
                .toList();
    }

    private static Finding finding(String area, String checked, List<String> differences) {
        return new Finding(area, checked, differences, List.of());
    }
}
