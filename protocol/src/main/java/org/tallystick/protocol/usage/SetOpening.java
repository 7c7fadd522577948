package org.tallystick.protocol.usage;

import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Salt;

/**
 * A usage set as a payee is shown it: to a creator its own works, to whoever is paid on all works their number, to everybody
 * that there is such a set.
 *
 * @param set its id, by {@link UsageNames}
 * @param usage root of its tree; where no creator is opened
 * @param creator the payee's own part; where the payee made works of the version
 * @param usedHash salted hash of the number of works used; where that is not opened
 * @param used that number; for whoever is paid on all works
 * @param salt of its node
 */
public record SetOpening(
        Hash set,
        Optional<Hash> usage,
        Optional<CreatorOpening> creator,
        Optional<Hash> usedHash,
        Optional<UsedCount> used,
        Salt salt) {
    /** @throws MalformedException {@code usage/set} unless each is either opened or hashed */
    public SetOpening {
        Objects.requireNonNull(set);
        Objects.requireNonNull(salt);
        if (usage.isPresent() == creator.isPresent() || usedHash.isPresent() == used.isPresent()) {
            throw new MalformedException("usage/set", "what is not opened of a set stands there as its hash");
        }
    }

    /**
     * The node this opens.
     *
     * @param creators of the dataset version
     * @param works of the dataset version
     */
    SetNode node(int creators, int works) {
        Hash root = usage.isPresent() ? usage.get() : creator.orElseThrow().root(creators);
        Hash count = usedHash.isPresent() ? usedHash.get() : used.orElseThrow().hash();
        return new SetNode(set, root, creators, works, count, salt);
    }

    Json.Obj json() {
        Json.Builder json = Json.object().put("salt", salt.hex()).put("set", set.hex());
        usage.ifPresent(root -> json.put("usage", root.hex()));
        creator.ifPresent(opening -> json.put("creator", opening.json()));
        usedHash.ifPresent(hash -> json.put("used_hash", hash.hex()));
        used.ifPresent(count -> json.put("used", count.json()));
        return json.build();
    }

    static SetOpening of(Fields fields) {
        SetOpening opening = new SetOpening(
                Hash.ofHex(fields.text("set")),
                fields.optionalText("usage").map(Hash::ofHex),
                fields.optionalFields("creator").map(CreatorOpening::of),
                fields.optionalText("used_hash").map(Hash::ofHex),
                fields.optionalFields("used").map(UsedCount::of),
                new Salt(fields.text("salt")));
        fields.noOthers();
        return opening;
    }
}
