package org.tallystick.platform.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.platform.kernel.DisplayText;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.SaltedText;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * A work as one version of a dataset has it.
 *
 * @param ordinal place in the version, from 0; by it usage sets name the work
 * @param creator who is paid for it
 * @param manifestId the manifest it came with
 * @param bytes length of the content
 * @param path exactly as the manifest has it, or the content's id where it has none or it is erased; to show it, use {@link
 *     #displayPath}
 * @param pathCommitment what the version commits to in place of the path, which may name a person; empty where it commits to
 *     the path itself, as those of the first release do
 * @param namedPath the path with the salt that proves it, where the version commits to one that is not erased
 * @param freeRanges bytes that cost nothing
 */
public record Member(
        int ordinal,
        ContentId content,
        PartyId creator,
        String manifestId,
        long bytes,
        String mediaType,
        String licenseUri,
        String path,
        Optional<Hash> pathCommitment,
        Optional<SaltedText> namedPath,
        FreeRanges freeRanges) {
    /** The order of members in a version. */
    static final Comparator<Member> ORDER =
            Comparator.comparing(Member::creator).thenComparing(Member::content);

    public Member {
        Objects.requireNonNull(pathCommitment);
        Objects.requireNonNull(namedPath);
        if (ordinal < 0 || bytes < 0) {
            throw new IllegalArgumentException("ordinal " + ordinal + ", " + bytes + " bytes");
        }
    }

    /** A work no byte of which is free, under the path it stands for. */
    public Member(
            int ordinal,
            ContentId content,
            PartyId creator,
            String manifestId,
            long bytes,
            String mediaType,
            String licenseUri,
            String path) {
        this(
                ordinal,
                content,
                creator,
                manifestId,
                bytes,
                mediaType,
                licenseUri,
                path,
                Optional.empty(),
                Optional.empty(),
                FreeRanges.NONE);
    }

    /** What the version's root is computed over; without the ordinal, which the place gives. */
    public Json.Obj document() {
        Json.Builder document = Json.object()
                .put("content_id", content.toString())
                .put("creator_id", creator.value())
                .put("manifest_id", manifestId)
                .put("bytes", bytes)
                .put("media_type", mediaType)
                .put("license_uri", licenseUri);
        pathCommitment.ifPresentOrElse(
                hash -> document.put("path_commitment", hash.hex()), () -> document.put("path", path));
        freeRanges.json().ifPresent(ranges -> document.put("free_ranges", ranges));
        return document.build();
    }

    /** The path without characters that would garble a page or a terminal. */
    public String displayPath() {
        return DisplayText.of(path);
    }

    /** The root of a version with these members, in this order (RFC 6962, section 2.1). */
    public static Hash root(List<Member> members) {
        return MerkleTree.root(leaves(members));
    }

    /** What the tree over members is made of; hashed on all cores, since versions are large and their members many. */
    public static List<Hash> leaves(List<Member> members) {
        return members.parallelStream()
                .map(member -> MerkleTree.leafHash(Jcs.bytes(member.document())))
                .toList();
    }

    Member at(int newOrdinal) {
        return new Member(
                newOrdinal,
                content,
                creator,
                manifestId,
                bytes,
                mediaType,
                licenseUri,
                path,
                pathCommitment,
                namedPath,
                freeRanges);
    }
}
