package org.tallystick.sdk;

import java.util.List;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.FreeRanges;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * The works of a dataset version, in ordinal order.
 *
 * @param root the version
 */
public record DatasetMembers(Hash root, List<Member> members) {
    /** Copies the members. */
    public DatasetMembers {
        members = List.copyOf(members);
    }

    /** One work of the version. */
    public record Member(
            ContentId content,
            String creator,
            String manifestId,
            long bytes,
            String mediaType,
            String licenseUri,
            String path,
            FreeRanges freeRanges) {
        static Member of(Fields fields) {
            return new Member(
                    ContentId.parse(fields.text("content_id")),
                    fields.text("creator_id"),
                    fields.text("manifest_id"),
                    fields.integer("bytes", 0, Long.MAX_VALUE >> 11),
                    fields.text("media_type"),
                    fields.text("license_uri"),
                    fields.text("path"),
                    FreeRanges.read(fields, "free_ranges"));
        }

        Json.Obj json() {
            Json.Builder json = Json.object()
                    .put("content_id", content.toString())
                    .put("creator_id", creator)
                    .put("manifest_id", manifestId)
                    .put("bytes", bytes)
                    .put("media_type", mediaType)
                    .put("license_uri", licenseUri)
                    .put("path", path);
            freeRanges.json().ifPresent(ranges -> json.put("free_ranges", ranges));
            return json.build();
        }
    }

    static DatasetMembers of(Fields fields) {
        return new DatasetMembers(
                Hash.ofHex(fields.text("root")),
                fields.objects("members").stream().map(Member::of).toList());
    }

    /**
     * Whether this is the whole list and the root is its tree hash (RFC 6962); a creator, who is shown its own works
     * only, gets {@code false}.
     */
    public boolean isWhole() {
        return MerkleTree.root(members.stream()
                        .map(member -> MerkleTree.leafHash(Jcs.bytes(member.json())))
                        .toList())
                .equals(root);
    }
}
