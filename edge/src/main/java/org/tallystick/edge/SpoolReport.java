package org.tallystick.edge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.edge.disk.RealDisk;
import org.tallystick.edge.keys.Ed25519Provider;
import org.tallystick.edge.keys.Identity;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.edge.sealing.Epochs;
import org.tallystick.edge.spool.AcknowledgedFile;
import org.tallystick.edge.spool.EpochScan;
import org.tallystick.edge.spool.Spool;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.sign.DidKey;

/**
 * What stands in an edge's spool, every batch checked down to its root and signature, without changing anything. May be
 * made beside a running edge: the batch it is writing at that moment shows as cut short.
 *
 * @param edge number of the edge, 0 where the directory has never served
 * @param epochs what was found of each epoch, oldest first
 */
public record SpoolReport(int edge, List<EpochReport> epochs) {

    public SpoolReport {
        epochs = List.copyOf(epochs);
    }

    /**
     * One epoch.
     *
     * @param epoch its number
     * @param batches whole batches
     * @param leaves leaves in them
     * @param last last sequence number found, 0 for none
     * @param acknowledged last sequence number the platform is known to have; it may have a little more
     * @param unacknowledged leaves after that
     * @param gaps sequence numbers that no batch here carries
     * @param damaged what is not as it was written; the edge will not ship it, nor what follows it
     * @param cutShortBytes bytes of a last batch that a crash cut short; it was never promised to anyone
     */
    public record EpochReport(
            int epoch,
            long batches,
            long leaves,
            long last,
            long acknowledged,
            long unacknowledged,
            List<Gap> gaps,
            List<Damage> damaged,
            long cutShortBytes) {
        public EpochReport {
            gaps = List.copyOf(gaps);
            damaged = List.copyOf(damaged);
        }
    }

    /** Missing sequence numbers, both ends included. */
    public record Gap(long from, long to) {}

    /**
     * Bytes that are not what was written.
     *
     * @param file the segment
     * @param offset where in it, in bytes
     * @param reason the check that failed, for example {@code batch/root}
     */
    public record Damage(Path file, long offset, String reason) {}

    /** Whether nothing is damaged. */
    public boolean isSound() {
        return epochs.stream().allMatch(epoch -> epoch.damaged().isEmpty());
    }

    /**
     * Reads the spool below an edge's data directory.
     *
     * @throws IOException where it cannot be read
     * @throws IllegalStateException where the directory does not say whose it is
     */
    public static SpoolReport inspect(Path dataDir) throws IOException {
        Optional<Identity> identity = Identity.read(new RealDisk(), dataDir.resolve("identity.json"));
        Path spool = dataDir.resolve("spool");
        if (identity.isEmpty() || !Files.isDirectory(spool)) {
            return new SpoolReport(identity.map(Identity::edge).orElse(0), List.of());
        }
        Ed25519Provider ed25519 = Ed25519Provider.choose(Signatures.AUTO);
        List<EpochReport> reports = new ArrayList<>();
        for (Map.Entry<Integer, List<Path>> files : Spool.segments(spool).entrySet()) {
            reports.add(inspect(dataDir, identity.get(), files.getKey(), files.getValue(), ed25519));
        }
        return new SpoolReport(identity.get().edge(), reports);
    }

    private static EpochReport inspect(
            Path dataDir, Identity identity, int epoch, List<Path> files, Ed25519Provider ed25519) throws IOException {
        List<Damage> damaged = new ArrayList<>();
        Optional<EpochScan.Proof> proof = Optional.empty();
        try {
            DidKey platform = identity.platformKey().orElseThrow();
            EdgeCertificate certificate = EdgeCertificate.verify(
                    Epochs.storedCertificate(dataDir.resolve("epochs"), epoch), platform, ed25519.verifier());
            proof = Optional.of(new EpochScan.Proof(certificate, ed25519.verifier()));
        } catch (MalformedException | IOException e) {
            damaged.add(new Damage(files.getFirst(), 0, "epoch/no-certificate"));
        }
        long acknowledged = new AcknowledgedFile(new RealDisk(), dataDir.resolve("spool"), epoch).read();
        EpochScan scan = EpochScan.of(identity.edge(), epoch, files, acknowledged, proof);
        for (EpochScan.Flaw flaw : scan.flaws()) {
            damaged.add(new Damage(flaw.file(), flaw.offset(), flaw.reason()));
        }
        return new EpochReport(
                epoch,
                scan.batches(),
                scan.leaves(),
                scan.last(),
                acknowledged,
                scan.unacknowledged(),
                scan.gaps().stream().map(gap -> new Gap(gap.from(), gap.to())).toList(),
                damaged,
                scan.tornBytes());
    }
}
