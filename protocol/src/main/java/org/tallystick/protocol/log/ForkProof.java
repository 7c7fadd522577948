package org.tallystick.protocol.log;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * Two checkpoints signed by one log that contradict each other: proof that the log has shown different histories to
 * different readers. Anybody with the log's public key can check it offline, whatever the log does later.
 *
 * <p>If both cover the same number of entries, their roots differ. Otherwise hashes of the larger tree lead to the root
 * signed in the newer checkpoint, and for the first entries to another root than the one signed in the older
 * checkpoint.
 *
 * @param older the checkpoint over fewer entries, or over the same number
 * @param newer the other one
 * @param nodes hashes of the newer tree, as {@link org.tallystick.protocol.tree.MerkleTree#roots} takes them; empty
 *     where both cover the same number of entries
 */
public record ForkProof(SignedNote older, SignedNote newer, List<Hash> nodes) {
    private static final String FORM = "v1";
    private static final int MAX_NODES = 130;

    public ForkProof {
        Objects.requireNonNull(older);
        Objects.requireNonNull(newer);
        nodes = List.copyOf(nodes);
        if (nodes.size() > MAX_NODES) {
            throw new MalformedException("fork/too-many-nodes", "no tree has " + nodes.size() + " nodes on its edge");
        }
    }

    /**
     * What a valid proof shows.
     *
     * @param older what the log has signed over the first entries
     * @param newer what it has signed over the same number or more
     * @param actually the root over the first entries in the newer history
     */
    public record Fork(Checkpoint older, Checkpoint newer, Hash actually) {}

    /**
     * Checks that the log has signed both checkpoints and that they contradict each other.
     *
     * @throws MalformedException {@code note/…} or {@code checkpoint/…} where one is not the log's, {@code fork/order}
     *     where the older covers more entries than the newer, {@code fork/nodes} where the hashes do not belong to the
     *     newer tree, {@code fork/none} where there is no contradiction
     */
    public Fork verify(NoteKey log, Verifier verifier) {
        Checkpoint before = Checkpoint.open(older, log, verifier);
        Checkpoint after = Checkpoint.open(newer, log, verifier);
        if (before.size() > after.size()) {
            throw new MalformedException("fork/order", "the older checkpoint covers more than the newer one");
        }
        Hash actually = before.size() == after.size() ? after.root() : beginning(before, after);
        if (actually.equals(before.root())) {
            throw new MalformedException("fork/none", "both checkpoints are of one history");
        }
        return new Fork(before, after, actually);
    }

    private Hash beginning(Checkpoint before, Checkpoint after) {
        if (before.size() == 0) {
            return before.root(); // every history begins with no entries
        }
        MerkleTree.Roots roots = MerkleTree.roots(before.size(), after.size(), nodes);
        if (!roots.newer().equals(after.root())) {
            throw new MalformedException("fork/nodes", "the nodes do not come to the root the newer checkpoint signs");
        }
        return roots.older();
    }

    /** The JSON bytes that {@link #parse} reads. */
    public byte[] encode() {
        return Jcs.bytes(Json.object()
                .put("fork", FORM)
                .put("older", text(older))
                .put("newer", text(newer))
                .put("nodes", Json.strings(nodes.stream().map(Hash::base64).toList()))
                .build());
    }

    private static String text(SignedNote note) {
        return new String(note.encode(), StandardCharsets.UTF_8);
    }

    /** Whether the bytes look like the JSON of a fork proof; decides how a file is read, proves nothing. */
    public static boolean isOne(byte[] bytes) {
        byte[] begin = "{\"fork\":".getBytes(StandardCharsets.US_ASCII);
        return bytes.length > begin.length && java.util.Arrays.equals(bytes, 0, begin.length, begin, 0, begin.length);
    }

    /**
     * Reads the JSON form. Checks no signature.
     *
     * @throws MalformedException {@code json/…}, {@code fork/form}, {@code note/…}, {@code hash/…}
     */
    public static ForkProof parse(byte[] bytes) {
        Fields fields = Fields.of(Json.parse(bytes), "fork");
        if (!fields.text("fork").equals(FORM)) {
            throw new MalformedException("fork/form", "this is no fork of form " + FORM);
        }
        SignedNote older = note(fields.text("older", SignedNote.MAX_BYTES));
        SignedNote newer = note(fields.text("newer", SignedNote.MAX_BYTES));
        List<Hash> nodes = new ArrayList<>();
        fields.strings("nodes").forEach(text -> nodes.add(Hash.ofBase64(text)));
        fields.noOthers();
        return new ForkProof(older, newer, nodes);
    }

    private static SignedNote note(String text) {
        return SignedNote.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
