package org.tallystick.platform.settlement.closing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.tree.MerkleTree;

/** What a close writes into the log must come out the same, byte for byte, for whoever computes it again. */
final class CloseEntriesTest {
    private static Json.Obj set(RoaringBitmap works) {
        UsageKey key = new UsageKey(new ContractId("cnf-1"), new JobId("job-1"), Scope.TRAINING);
        return CloseEntries.set(new CloseInput.BilledSet(key, MerkleTree.emptyRoot(), 1, 1, false, works));
    }

    /** Three in a row take as many bytes as a run as one by one. */
    @Test
    void theBytesOfASetDoNotTellHowItCameAbout() {
        for (int count : new int[] {1, 2, 3, 4, 5, 6, 100, 5_000, 70_000}) {
            RoaringBitmap added = new RoaringBitmap();
            for (int i = 0; i < count; i++) {
                added.add(i);
            }
            RoaringBitmap shrunk = new RoaringBitmap();
            shrunk.add(0L, count + 1L);
            shrunk.runOptimize();
            shrunk.remove(count);
            assertThat(shrunk).isEqualTo(added);
            assertThat(set(shrunk)).as("%s works", count).isEqualTo(set(added));
            assertThat(CloseEntries.set(Fields.of(set(added), "set"), 1).works())
                    .isEqualTo(added);
        }
    }

    /** Gaps that make ties between the forms of a stretch. */
    @Test
    void norWhereRunsAndSinglesTie() {
        for (int runs = 1; runs < 40; runs++) {
            RoaringBitmap one = new RoaringBitmap();
            RoaringBitmap other = new RoaringBitmap();
            for (int run = 0; run < runs; run++) {
                long from = 10L * run;
                one.add(from, from + 2 + run % 3);
                other.add(from, from + 9);
            }
            other.runOptimize();
            other.and(one.clone());
            one.runOptimize();
            assertThat(set(other)).as("%s runs", runs).isEqualTo(set(one));
        }
    }
}
