package org.tallystick.protocol.log;

import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.codec.Decimals;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * The number of a log's entries and the root over them (C2SP tlog-checkpoint, without extension lines). By signing it
 * the log commits to these entries and their order.
 *
 * @param origin names the log; also the name of its key
 * @param size number of entries, 0 or more
 * @param root RFC 6962 root over them
 */
public record Checkpoint(String origin, long size, Hash root) {
    public Checkpoint {
        Objects.requireNonNull(root);
        if (!NoteKey.isName(origin)) {
            throw new MalformedException(
                    "checkpoint/origin", "an origin has no spaces, control characters or plus signs");
        }
        if (size < 0) {
            throw new MalformedException("checkpoint/size", "a tree has no negative size");
        }
        if (size == 0 && !root.equals(MerkleTree.emptyRoot())) {
            throw new MalformedException("checkpoint/root", "the root of an empty tree is the hash of nothing");
        }
    }

    /** The three lines that are signed. */
    public String text() {
        return origin + "\n" + size + "\n" + root.base64() + "\n";
    }

    /**
     * Reads the three lines.
     *
     * @throws MalformedException {@code checkpoint/lines}, {@code checkpoint/origin}, {@code checkpoint/size},
     *     {@code checkpoint/root} or {@code checkpoint/extension}
     */
    public static Checkpoint parse(String text) {
        String[] lines = text.split("\n", -1);
        if (lines.length < 4 || !lines[lines.length - 1].isEmpty()) {
            throw new MalformedException("checkpoint/lines", "a checkpoint is origin, size and root on three lines");
        }
        if (lines.length > 4) {
            throw new MalformedException("checkpoint/extension", "extension lines are not accepted");
        }
        return new Checkpoint(lines[0], size(lines[1]), root(lines[2]));
    }

    private static long size(String text) {
        return Decimals.parse(text, "checkpoint/size");
    }

    private static Hash root(String text) {
        try {
            return Hash.ofBase64(text);
        } catch (MalformedException e) {
            throw new MalformedException("checkpoint/root", e.detail());
        }
    }

    /** This checkpoint as a note signed by the log; the signer's name must be the origin. */
    public SignedNote sign(NoteSigner signer) {
        if (!signer.name().equals(origin)) {
            throw new IllegalArgumentException("the log " + origin + " signs under its own name");
        }
        return SignedNote.sign(text(), signer);
    }

    /**
     * Verifies that the log has signed the note and reads the checkpoint in it.
     *
     * @throws MalformedException {@code note/…} or {@code checkpoint/…}; {@code checkpoint/wrong-origin} where the key
     *     signed for another log
     */
    public static Checkpoint open(SignedNote note, NoteKey log, Verifier verifier) {
        note.verify(List.of(log), verifier);
        Checkpoint checkpoint = parse(note.text());
        if (!checkpoint.origin().equals(log.name())) {
            throw new MalformedException(
                    "checkpoint/wrong-origin", "a checkpoint of " + checkpoint.origin() + ", not of " + log.name());
        }
        return checkpoint;
    }
}
