package org.tallystick.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.SaltedText;
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

    /**
     * One work of the version.
     *
     * @param path its name among the creator's works; its content's hash where it has none or the name is erased
     * @param pathCommitment what the version commits to in place of the path; empty where it shows the path itself
     */
    public record Member(
            ContentId content,
            String creator,
            String manifestId,
            long bytes,
            String mediaType,
            String licenseUri,
            String path,
            Optional<Hash> pathCommitment,
            FreeRanges freeRanges) {
        /** @throws MalformedException {@code member/path} where the path is not the one the member commits to */
        static Member of(Fields fields, Optional<SaltedText> named) {
            ContentId content = ContentId.parse(fields.text("content_id"));
            Optional<Hash> commitment = fields.optionalText("path_commitment").map(Hash::ofHex);
            if (named.isPresent() && !commitment.equals(named.map(SaltedText::commitment))) {
                throw new MalformedException("member/path", "the path shown is not the one the member commits to");
            }
            return new Member(
                    content,
                    fields.text("creator_id"),
                    fields.text("manifest_id"),
                    fields.integer("bytes", 0, Long.MAX_VALUE >> 11),
                    fields.text("media_type"),
                    fields.text("license_uri"),
                    named.map(SaltedText::text)
                            .or(() -> fields.optionalText("path"))
                            .orElse(content.hex()),
                    commitment,
                    FreeRanges.read(fields, "free_ranges"));
        }

        Json.Obj json() {
            Json.Builder json = Json.object()
                    .put("content_id", content.toString())
                    .put("creator_id", creator)
                    .put("manifest_id", manifestId)
                    .put("bytes", bytes)
                    .put("media_type", mediaType)
                    .put("license_uri", licenseUri);
            pathCommitment.ifPresentOrElse(
                    hash -> json.put("path_commitment", hash.hex()), () -> json.put("path", path));
            freeRanges.json().ifPresent(ranges -> json.put("free_ranges", ranges));
            return json.build();
        }
    }

    static DatasetMembers of(Fields fields) {
        List<Fields> listed = fields.objects("members");
        List<Json> paths = fields.optionalArray("paths");
        List<Member> members = new ArrayList<>(listed.size());
        for (int i = 0; i < listed.size(); i++) {
            members.add(Member.of(listed.get(i), i < paths.size() ? named(paths.get(i)) : Optional.empty()));
        }
        return new DatasetMembers(Hash.ofHex(fields.text("root")), members);
    }

    private static Optional<SaltedText> named(Json path) {
        Fields fields = Fields.of(path, "path");
        return fields.optionalText("path").map(text -> new SaltedText(fields.text("salt"), text));
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
