package org.tallystick.platform.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.protocol.sign.NoteSigner;

/** Log and blobs of a world on one {@link FaultyDisk}, for tests of other rooms: one numbering for every step of both. */
public final class FaultyFiles implements ContractFixture.Files {
    private final FaultyDisk disk;

    /** @param root above log and blobs */
    public FaultyFiles(Path root) {
        this.disk = new FaultyDisk(root);
    }

    @Override
    public TransparencyLog log(Path directory, NoteSigner signer) {
        return TransparencyLog.open(directory, signer, ContractFixture.VERIFIER, disk);
    }

    @Override
    public BlobStore blobs(Path directory) {
        return BlobStore.open(directory, disk);
    }

    /** The ways in which a step can fail; what a flipped bit in the log does is for the log's own tests. */
    public static List<String> faults(String step) {
        List<String> names = new ArrayList<>();
        FaultyDisk.Fault.reported(step).forEach(fault -> names.add(fault.name()));
        if (step.startsWith("write blobs/")) {
            names.add(FaultyDisk.Fault.FLIPPED.name());
        }
        return names;
    }

    /** Makes the step with that number fail, counting from now; all goes well again afterwards. */
    public void failing(int step, String fault) {
        disk.failing(step, FaultyDisk.Fault.valueOf(fault), FaultyDisk.After.PASSING);
    }

    /** Makes the step with that number take as long as something else does, counting from now. */
    public void slow(int step, Runnable meanwhile) {
        disk.slow(step, meanwhile);
    }

    /** From the step with that number on nothing works, until {@link #revive}. */
    public void dead(int step) {
        disk.failing(step, FaultyDisk.Fault.NOTHING, FaultyDisk.After.DEAD);
    }

    /** The step with that number fails in that way, and from then on nothing works, until {@link #comeBack}. */
    public void failingForGood(int step, String fault) {
        disk.failing(step, FaultyDisk.Fault.valueOf(fault), FaultyDisk.After.DEAD);
    }

    /** Whether nothing works any more. */
    public boolean isDead() {
        return disk.isDead();
    }

    /** Ends that; the step that was to fail has failed. */
    public void comeBack() {
        disk.comeBack();
    }

    /** Lets everything work again. */
    public void revive() {
        disk.revive();
    }

    /** The steps since the last call of {@link #failing} or {@link #dead}. */
    public List<String> trace() {
        return List.copyOf(disk.trace());
    }
}
