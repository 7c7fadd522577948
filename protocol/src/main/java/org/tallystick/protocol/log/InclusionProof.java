package org.tallystick.protocol.log;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Base64Text;
import org.tallystick.protocol.codec.Decimals;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * Everything a reader needs to see that an entry is in the log, in one text file (C2SP tlog-proof@v1): the entry's
 * index, the path to the root and the log's signed checkpoint.
 *
 * @param extra base64 of additional bytes of the application; not covered by any signature
 * @param index of the entry, from 0
 * @param path sibling hashes from the leaf up
 * @param checkpoint the signed checkpoint, with the signatures of witnesses where there are any
 */
public record InclusionProof(Optional<String> extra, long index, List<Hash> path, SignedNote checkpoint) {
    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final int MAX_PATH = 63;

    public InclusionProof {
        Objects.requireNonNull(checkpoint);
        path = List.copyOf(path);
        extra.ifPresent(text -> Base64Text.decode(text, "proof/extra"));
        if (index < 0) {
            throw new MalformedException("proof/index", "an index is not negative");
        }
        if (path.size() > MAX_PATH) {
            throw new MalformedException("proof/length", "no tree needs a path of " + path.size() + " hashes");
        }
    }

    /**
     * Reads the text form. Checks neither path nor signature.
     *
     * @throws MalformedException {@code proof/…} or {@code note/…}
     */
    public static InclusionProof parse(byte[] utf8) {
        if (utf8.length > 2 * SignedNote.MAX_BYTES) {
            throw new MalformedException("proof/too-long", "a proof of " + utf8.length + " bytes");
        }
        String text = decode(utf8);
        int blank = text.indexOf("\n\n");
        if (blank < 0) {
            throw new MalformedException("proof/no-checkpoint", "no blank line with a checkpoint below it");
        }
        List<String> lines = List.of(text.substring(0, blank).split("\n", -1));
        if (!lines.getFirst().equals(HEADER)) {
            throw new MalformedException("proof/header", "the first line is not " + HEADER);
        }
        int at = 1;
        Optional<String> extra = Optional.empty();
        if (at < lines.size() && lines.get(at).startsWith("extra ")) {
            extra = Optional.of(lines.get(at++).substring("extra ".length()));
        }
        if (at == lines.size() || !lines.get(at).startsWith("index ")) {
            throw new MalformedException("proof/index", "the index line is missing");
        }
        long index = Decimals.parse(lines.get(at++).substring("index ".length()), "proof/index");
        List<Hash> path = new ArrayList<>();
        for (String line : lines.subList(at, lines.size())) {
            path.add(hash(line));
        }
        SignedNote note = SignedNote.parse(text.substring(blank + 2).getBytes(StandardCharsets.UTF_8));
        return new InclusionProof(extra, index, path, note);
    }

    private static Hash hash(String line) {
        try {
            return Hash.ofBase64(line);
        } catch (MalformedException e) {
            throw new MalformedException("proof/hash", e.detail());
        }
    }

    private static String decode(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("proof/not-utf-8", "a proof is UTF-8 text");
        }
    }

    /**
     * Verifies that the log holds this entry at this index.
     *
     * @param entry the entry's bytes
     * @return the checkpoint that covers it
     * @throws MalformedException {@code note/…}, {@code checkpoint/…}, {@code proof/index}, {@code proof/length}, or
     *     {@code proof/root} where the path does not lead to the signed root
     */
    public Checkpoint verify(byte[] entry, NoteKey log, Verifier verifier) {
        Checkpoint signed = Checkpoint.open(checkpoint, log, verifier);
        Hash root = MerkleTree.rootOf(MerkleTree.leafHash(entry), index, signed.size(), path);
        if (!root.equals(signed.root())) {
            throw new MalformedException("proof/root", "the path does not lead from the entry to the signed root");
        }
        return signed;
    }

    /** The proof's bytes. */
    public byte[] encode() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The text form. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder(HEADER).append('\n');
        extra.ifPresent(text -> out.append("extra ").append(text).append('\n'));
        out.append("index ").append(index).append('\n');
        path.forEach(hash -> out.append(hash.base64()).append('\n'));
        return out.append('\n').append(checkpoint).toString();
    }
}
