package org.tallystick.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/** A log that tells one history, and one that tells two. */
final class LogHistoryTest {
    private static final String ORIGIN = "log.example/tally";
    private static final JdkEd25519 KEY = JdkEd25519.ofSeed(new byte[32]);
    private static final Verifier VERIFIER = JdkEd25519.verifier();
    private static final NoteKey LOG = NoteKey.of(ORIGIN, KEY.publicKey());

    private final LogHistory history = new LogHistory(LOG, VERIFIER);

    /** Leaves of a log that tells another story from an entry on. */
    private static List<Hash> leaves(int size, int otherFrom) {
        List<Hash> leaves = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String entry = (i < otherFrom ? "entry " : "other entry ") + i;
            leaves.add(MerkleTree.leafHash(entry.getBytes(StandardCharsets.UTF_8)));
        }
        return leaves;
    }

    private static SignedNote checkpoint(List<Hash> leaves) {
        return checkpoint(leaves, KEY);
    }

    private static SignedNote checkpoint(List<Hash> leaves, Signer key) {
        return new Checkpoint(ORIGIN, leaves.size(), MerkleTree.root(leaves)).sign(new NoteSigner(ORIGIN, key));
    }

    /** The tiles of a log as it lies on a server. */
    private static LogHistory.Tiles tiles(List<Hash> leaves) {
        List<List<Hash>> levels = new ArrayList<>(List.of(leaves));
        while (levels.getLast().size() >= TilePath.FULL) {
            List<Hash> below = levels.getLast();
            List<Hash> above = new ArrayList<>();
            for (int i = 0; i + TilePath.FULL <= below.size(); i += TilePath.FULL) {
                above.add(MerkleTree.root(below.subList(i, i + TilePath.FULL)));
            }
            levels.add(above);
        }
        return path -> {
            int from = (int) path.index() * TilePath.FULL;
            if (path.level() >= levels.size() || levels.get(path.level()).size() < from + path.width()) {
                return Optional.empty();
            }
            byte[] tile = new byte[path.width() * Hash.BYTES];
            for (int i = 0; i < path.width(); i++) {
                levels.get(path.level()).get(from + i).writeTo(tile, i * Hash.BYTES);
            }
            return Optional.of(tile);
        };
    }

    private LogHistory.Comparison compare(List<Hash> before, List<Hash> now) {
        return history.compare(checkpoint(before), checkpoint(now), tiles(now));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0, 5",
        "1, 1",
        "1, 2",
        "3, 7",
        "4, 7",
        "4, 8",
        "6, 7",
        "255, 256",
        "256, 256",
        "256, 257",
        "255, 600",
        "256, 600",
        "300, 600",
        "512, 600",
        "599, 600",
        "600, 600",
        "257, 66000",
        "65536, 66000",
        "65537, 66000"
    })
    void aLogThatGrewGoesOn(int before, int now) {
        LogHistory.Comparison verdict = compare(leaves(before, before), leaves(now, now));

        assertThat(verdict)
                .isEqualTo(new LogHistory.Comparison.GoesOn(
                        new Checkpoint(ORIGIN, now, MerkleTree.root(leaves(now, now)))));
    }

    @Test
    void anyOtherEntryBeforeTheCheckpointIsAForkThatAnybodyCanCheck() {
        Seeds.check(60, random -> {
            int before = 1 + random.nextInt(700);
            int now = before + random.nextInt(700);
            int otherFrom = random.nextInt(before);
            List<Hash> seen = leaves(before, before);
            List<Hash> shown = leaves(now, otherFrom);

            LogHistory.Comparison verdict = compare(seen, shown);

            assertThat(verdict).isInstanceOf(LogHistory.Comparison.Forked.class);
            byte[] file = ((LogHistory.Comparison.Forked) verdict).proof().encode();
            assertThat(ForkProof.isOne(file)).isTrue();
            ForkProof.Fork fork = ForkProof.parse(file).verify(LOG, VERIFIER);
            assertThat(fork.older().root()).isEqualTo(MerkleTree.root(seen));
            assertThat(fork.newer().root()).isEqualTo(MerkleTree.root(shown));
            assertThat(fork.actually()).isEqualTo(MerkleTree.root(shown.subList(0, before)));
        });
    }

    @Test
    void aLogThatShowsLessThanItHadIsSeenByWhoeverHoldsTheLaterCheckpoint() {
        assertThat(compare(leaves(9, 9), leaves(7, 3)))
                .isInstanceOfSatisfying(LogHistory.Comparison.FallsShort.class, verdict -> {
                    assertThat(verdict.before().size()).isEqualTo(9);
                    assertThat(verdict.now().size()).isEqualTo(7);
                });
    }

    /** Nobody can accuse a log of what it has not done. */
    @Test
    void anHonestLogCannotBeAccused() {
        Seeds.check(60, random -> {
            int before = 1 + random.nextInt(300);
            int now = before + 1 + random.nextInt(300);
            List<Hash> leaves = leaves(now, now);
            List<Hash> nodes = new ArrayList<>(MerkleTree.consistencyProof(leaves, before));
            if (Long.bitCount(before) == 1) {
                nodes.addFirst(MerkleTree.root(leaves.subList(0, before)));
            }
            SignedNote older = checkpoint(leaves.subList(0, before));
            SignedNote newer = checkpoint(leaves);
            refused(new ForkProof(older, newer, nodes), "fork/none");
            int at = random.nextInt(nodes.size());
            nodes.set(at, MerkleTree.leafHash(new byte[] {1}));
            refused(new ForkProof(older, newer, nodes), "fork/nodes");
            nodes.removeLast();
            refused(new ForkProof(older, newer, nodes), "proof/length");
            refused(new ForkProof(newer, older, nodes), "fork/order");
            refused(new ForkProof(older, older, List.of()), "fork/none");
            refused(new ForkProof(checkpoint(List.of()), newer, List.of()), "fork/none");
        });
    }

    @Test
    void whatTheLogHasNotSignedShowsNothing() {
        SignedNote own = checkpoint(leaves(5, 5));
        SignedNote forged = checkpoint(
                leaves(5, 2), JdkEd25519.ofSeed(Sha256.hash(new byte[1]).toBytes()));
        refused(new ForkProof(own, forged, List.of()), "note/unknown-signer");
        refused(new ForkProof(forged, own, List.of()), "note/unknown-signer");
        assertThatThrownBy(() -> history.compare(own, forged, tiles(leaves(5, 2))))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void tilesThatDoNotFitTheCheckpointAreRefused() {
        List<Hash> shown = leaves(700, 700);
        SignedNote before = checkpoint(leaves(300, 300));
        SignedNote now = checkpoint(shown);
        assertReason(() -> history.compare(before, now, tiles(leaves(700, 100))), "log/tiles");
        assertReason(() -> history.compare(before, now, path -> Optional.empty()), "log/tiles");
        assertReason(() -> history.compare(before, now, path -> Optional.of(new byte[31])), "log/tiles");
        assertThat(history.compare(before, now, tiles(leaves(1_024, 1_024))))
                .as("full tiles have replaced partial ones meanwhile")
                .isInstanceOf(LogHistory.Comparison.GoesOn.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                     | json/missing
            {"fork":"v2","newer":"a","nodes":[],"older":"b"}       | fork/form
            {"fork":"v1","newer":"a","nodes":[],"older":"b"}       | note/
            {"fork":"v1","newer":"a","nodes":[],"older":1}         | json/
            nonsense                                               | json/
            """)
    void whatIsNoProofIsRefused(String text, String reason) {
        assertReason(() -> ForkProof.parse(text.getBytes(StandardCharsets.UTF_8)), reason);
    }

    private static void refused(ForkProof proof, String reason) {
        assertReason(() -> proof.verify(LOG, VERIFIER), reason);
    }

    private static void assertReason(Runnable what, String reason) {
        assertThatThrownBy(what::run)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).startsWith(reason));
    }
}
