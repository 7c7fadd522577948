package org.tallystick.platform.log;

import java.nio.file.Path;
import java.util.List;
import org.tallystick.protocol.NoteSigner;
import org.tallystick.protocol.Verifier;

/** Log and blobs on one {@link FaultyDisk}, for tests of other rooms: one operation that goes wrong, chosen by number. */
public final class FaultyFiles {
    private final FaultyDisk disk;

    /** @param root below which log and blobs lie */
    public FaultyFiles(Path root) {
        this.disk = new FaultyDisk(root);
    }

    public TransparencyLog log(Path directory, NoteSigner signer, Verifier verifier) {
        return TransparencyLog.open(directory, signer, verifier, disk);
    }

    public BlobStore blobs(Path directory) {
        return BlobStore.open(directory, disk);
    }

    /** How an operation may go wrong: did nothing, did all, or did half, and says that it failed. */
    public static List<String> ways() {
        return FaultyDisk.Fault.REPORTED.stream().map(Enum::name).toList();
    }

    /**
     * Makes an operation go wrong.
     *
     * @param number counted from now
     * @param way one of {@link #ways}
     * @param dead whether nothing works any more from then on
     */
    public void failing(int number, String way, boolean dead) {
        disk.failing(number, FaultyDisk.Fault.valueOf(way), dead ? FaultyDisk.After.DEAD : FaultyDisk.After.PASSING);
    }

    /** The operations since then, in words. */
    public List<String> trace() {
        return disk.trace();
    }

    /** Whether nothing works any more. */
    public boolean isDead() {
        return disk.isDead();
    }

    /** Ends that; what was to fail has failed. */
    public void comeBack() {
        disk.comeBack();
    }

    /** Lets all operations work again. */
    public void revive() {
        disk.revive();
    }
}
