package org.tallystick.protocol.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * What a consumer gets with every delivery: the leaf, its path to the root of the batch, and the header the edge
 * signed. Anybody who has the edge's certificate verifies it offline. The bytes are version=1, leaf, index u16, path
 * length u8, path, signed header; in HTTP they travel as base64url in the header {@code Tallystick-Receipt}.
 *
 * @param index of the leaf in its batch, from 0
 * @param path sibling hashes from the leaf to the root, lowest first (RFC 6962 inclusion proof)
 */
public record Receipt(Leaf leaf, int index, List<Hash> path, SignedHeader signed) {
    /** The HTTP header that carries it. */
    public static final String HTTP_HEADER = "Tallystick-Receipt";

    private static final int VERSION = 1;
    private static final int MAX_PATH = 10;
    private static final int AT_INDEX = 1 + Leaf.LENGTH;
    private static final int AT_PATH = AT_INDEX + 3;

    public Receipt {
        Objects.requireNonNull(leaf);
        Objects.requireNonNull(signed);
        path = List.copyOf(path);
        if (index < 0 || index >= signed.header().count() || path.size() > MAX_PATH) {
            throw new MalformedException("receipt/index", "the receipt's place is not in its batch");
        }
    }

    public byte[] encode() {
        byte[] out = new byte[AT_PATH + 32 * path.size() + SignedHeader.LENGTH];
        out[0] = VERSION;
        leaf.encode(out, 1);
        out[AT_INDEX] = (byte) (index >> 8);
        out[AT_INDEX + 1] = (byte) index;
        out[AT_INDEX + 2] = (byte) path.size();
        int at = AT_PATH;
        for (Hash hash : path) {
            hash.writeTo(out, at);
            at += 32;
        }
        System.arraycopy(signed.encode(), 0, out, at, SignedHeader.LENGTH);
        return out;
    }

    /** The text form. */
    public String text() {
        return Base64Url.encode(encode());
    }

    /**
     * Reads the bytes. Checks neither path nor signature.
     *
     * @throws MalformedException {@code receipt/…}, {@code leaf/…} or {@code batch/…}
     */
    public static Receipt decode(byte[] in) {
        if (in.length < AT_PATH + SignedHeader.LENGTH) {
            throw new MalformedException("receipt/truncated", "a receipt of " + in.length + " bytes is too short");
        }
        if (in[0] != VERSION) {
            throw new MalformedException("receipt/version", "receipt version " + in[0] + " is not known");
        }
        int length = in[AT_INDEX + 2] & 0xff;
        if (length > MAX_PATH || in.length != AT_PATH + 32 * length + SignedHeader.LENGTH) {
            throw new MalformedException("receipt/length", "the receipt's length does not fit its path");
        }
        List<Hash> path = new ArrayList<>();
        int at = AT_PATH;
        for (int i = 0; i < length; i++, at += 32) {
            path.add(Hash.at(in, at));
        }
        int index = (in[AT_INDEX] & 0xff) << 8 | (in[AT_INDEX + 1] & 0xff);
        return new Receipt(Leaf.decode(in, 1), index, path, SignedHeader.decode(in, at));
    }

    /**
     * Reads the base64url text. Checks neither path nor signature.
     *
     * @throws MalformedException as {@link #decode}
     */
    public static Receipt parse(String text) {
        return decode(Base64Url.decode(text, "receipt/malformed"));
    }

    /**
     * Checks that the leaf stands in the batch, at the place its sequence number says.
     *
     * @throws MalformedException {@code receipt/sequence} or {@code receipt/path}
     */
    public void checkPath() {
        BatchHeader header = signed.header();
        if (leaf.edge() != header.edge()
                || leaf.epoch() != header.epoch()
                || leaf.sequence() != header.first() + index) {
            throw new MalformedException("receipt/sequence", "the leaf's number is not its place in the batch");
        }
        Hash leafHash = MerkleTree.leafHash(leaf.encode(), 0, Leaf.LENGTH);
        if (!MerkleTree.verifyInclusion(leafHash, index, header.count(), path, header.root())) {
            throw new MalformedException("receipt/path", "the leaf's path does not lead to the signed root");
        }
    }

    /**
     * Verifies the whole receipt offline: the header's signature, the path, and that edge and epoch are the
     * certificate's.
     *
     * @param certificate the edge's certificate, already verified against the platform's key
     * @throws MalformedException {@code receipt/…} or {@code batch/…}
     */
    public void verify(EdgeCertificate certificate, Verifier verifier) {
        checkPath();
        signed.verify(certificate, verifier);
    }

    /**
     * Checks that the delivery was made under that grant.
     *
     * @throws MalformedException {@code receipt/wrong-grant} or {@code receipt/wrong-scope}
     */
    public void checkGrant(Grant grant) {
        if (!leaf.token().equals(grant.tokenId())) {
            throw new MalformedException("receipt/wrong-grant", "the receipt was not left under this grant");
        }
        if (leaf.scope() != grant.scope()) {
            throw new MalformedException("receipt/wrong-scope", "the receipt's scope is not the grant's");
        }
    }
}
