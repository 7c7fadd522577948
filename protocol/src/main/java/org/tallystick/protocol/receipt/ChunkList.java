package org.tallystick.protocol.receipt;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * The hashes of a work's chunks, so that a large work can be checked while it arrives: a content id alone says whether the
 * bytes are right only once the last one is there. The platform signs the root over them together with content id and
 * length, as a {@link Jws} of type {@link #TYPE}.
 *
 * @param content what the chunks together are
 * @param bytes of the whole work
 * @param hashes RFC 6962 leaf hashes of chunks of {@value #CHUNK} bytes; the last chunk may be shorter
 */
public record ChunkList(ContentId content, long bytes, List<Hash> hashes) {
    /** The {@code typ} of a signed list. */
    public static final String TYPE = "tallystick-chunks+jws";

    /** Bytes of a chunk. */
    public static final int CHUNK = 1 << 20;

    /** Most bytes of a work that has a list: 1 TiB. */
    public static final long MOST_BYTES = 1L << 40;

    public ChunkList {
        Objects.requireNonNull(content);
        hashes = List.copyOf(hashes);
        if (bytes < 0 || bytes > MOST_BYTES || hashes.size() != chunks(bytes)) {
            throw new MalformedException(
                    "chunks/count", "a work of " + bytes + " bytes has other than " + hashes.size() + " chunks");
        }
    }

    private static long chunks(long bytes) {
        return (bytes + CHUNK - 1) / CHUNK;
    }

    /** RFC 6962 root over the chunks. */
    public Hash root() {
        return MerkleTree.root(hashes);
    }

    /** What a platform answers: the signed root and, beside it, the hashes that come to it. */
    public Json.Obj document(Signer platform) {
        byte[] all = new byte[hashes.size() * Hash.BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            hashes.get(i).writeTo(all, i * Hash.BYTES);
        }
        Json.Obj payload = Json.object()
                .put("content", content.toString())
                .put("bytes", bytes)
                .put("chunk", CHUNK)
                .put("root", root().hex())
                .build();
        return Json.object()
                .put("chunks", Jws.sign(TYPE, payload, platform).compact())
                .put("hashes", Base64Url.encode(all))
                .build();
    }

    /**
     * Reads an answer and checks that the platform signed a root to which the hashes come, for this work and length.
     *
     * @throws MalformedException {@code chunks/…}, {@code jws/…} or {@code json/…}
     */
    public static ChunkList verify(
            Json.Obj document, ContentId content, long bytes, DidKey platform, Verifier verifier) {
        Fields fields = Fields.of(document, "chunks");
        byte[] all = Base64Url.decode(fields.text("hashes"), "chunks/hashes");
        if (all.length % Hash.BYTES != 0) {
            throw new MalformedException("chunks/hashes", "a hash has " + Hash.BYTES + " bytes");
        }
        List<Hash> hashes = new ArrayList<>(all.length / Hash.BYTES);
        for (int at = 0; at < all.length; at += Hash.BYTES) {
            hashes.add(Hash.at(all, at));
        }
        ChunkList list = new ChunkList(content, bytes, hashes);
        Fields signed = Fields.of(Jws.parse(fields.text("chunks")).verify(TYPE, platform, verifier), "chunks");
        boolean same = ContentId.parse(signed.text("content")).equals(content)
                && signed.integer("bytes", 0, MOST_BYTES) == bytes
                && signed.integer("chunk", 1, Integer.MAX_VALUE) == CHUNK;
        if (!same) {
            throw new MalformedException("chunks/other-work", "the list is of another work, length or size of chunks");
        }
        if (!Hash.ofHex(signed.text("root")).equals(list.root())) {
            throw new MalformedException("chunks/root", "the hashes do not come to the signed root");
        }
        signed.noOthers();
        return list;
    }

    /** Hashes the chunks of a work as its bytes pass. Used by one thread. */
    public static final class Hasher {
        private final List<Hash> hashes = new ArrayList<>();
        private MessageDigest digest = Sha256.newDigest();
        private int inChunk;
        private long bytes;

        /** Begins the first chunk. */
        public Hasher() {
            begin();
        }

        private void begin() {
            digest = Sha256.newDigest();
            digest.update((byte) 0); // RFC 6962: a leaf, no inner node
            inChunk = 0;
        }

        /** The next bytes of the work. */
        public void add(byte[] buffer, int offset, int length) {
            int at = offset;
            int end = offset + length;
            while (at < end) {
                int taken = Math.min(CHUNK - inChunk, end - at);
                digest.update(buffer, at, taken);
                inChunk += taken;
                at += taken;
                if (inChunk == CHUNK) {
                    hashes.add(Hash.of(digest.digest()));
                    begin();
                }
            }
            bytes += length;
        }

        /** How many chunks are complete. */
        public int complete() {
            return hashes.size();
        }

        /** The hash of a complete chunk. */
        public Hash hash(int chunk) {
            return hashes.get(chunk);
        }

        /** The list of the work that these bytes are; ends the last chunk, so that nothing may be added afterwards. */
        public ChunkList list(ContentId content) {
            if (inChunk > 0) {
                hashes.add(Hash.of(digest.digest()));
                begin();
            }
            return new ChunkList(content, bytes, hashes);
        }
    }
}
