package org.tallystick.edge.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.tree.MerkleTree;

/** The works of one dataset version, proven to be those its root names. Immutable, safe from any thread. */
public final class Membership {
    private final Hash root;
    private final Map<ContentId, Member> members;
    private final Extent extent;

    /**
     * How large the version is.
     *
     * @param works members, which are numbered from 0 in their order
     * @param bytes of all works, at most {@link Long#MAX_VALUE}
     */
    public record Extent(int works, long bytes) {}

    private Membership(Hash root, Map<ContentId, Member> members, Extent extent) {
        this.root = root;
        this.members = members;
        this.extent = extent;
    }

    /**
     * Reads a list of members and checks that it hashes to the root: RFC 6962 over the JCS form of each member.
     *
     * @throws MalformedException {@code dataset/wrong-root} where it does not, or the reason it cannot be read
     */
    public static Membership parse(Hash root, byte[] json) {
        List<Fields> listed = Fields.of(Json.parseObject(json), "dataset").objects("members");
        List<Hash> leaves = new ArrayList<>(listed.size());
        Map<ContentId, Member> members = HashMap.newHashMap(listed.size());
        long bytes = 0;
        for (Fields fields : listed) {
            leaves.add(MerkleTree.leafHash(Jcs.bytes(fields.object())));
            Member member = Member.of(leaves.size() - 1, fields);
            members.put(member.content(), member);
            bytes = bytes > Long.MAX_VALUE - member.bytes() ? Long.MAX_VALUE : bytes + member.bytes();
        }
        if (!MerkleTree.root(leaves).equals(root)) {
            throw new MalformedException("dataset/wrong-root", "the members do not hash to the version's root");
        }
        return new Membership(root, members, new Extent(listed.size(), bytes));
    }

    Hash root() {
        return root;
    }

    public Extent extent() {
        return extent;
    }

    public int size() {
        return members.size();
    }

    public Optional<Member> find(ContentId content) {
        return Optional.ofNullable(members.get(content));
    }
}
