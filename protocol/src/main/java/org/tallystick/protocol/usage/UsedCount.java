package org.tallystick.protocol.usage;

import java.nio.ByteBuffer;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Salt;
import org.tallystick.protocol.codec.Sha256;

/**
 * How many works of a set are used, by whomever they are. Only its salted hash stands in the set's node; it is opened to
 * those who are paid on all works.
 */
public record UsedCount(long works, Salt salt) {
    /** What stands in the set's node: SHA-256 of the salt and the number in 8 bytes. */
    public Hash hash() {
        return Sha256.hash(ByteBuffer.allocate(Salt.LENGTH + Long.BYTES)
                .put(salt.toBytes())
                .putLong(works)
                .array());
    }

    Json.Obj json() {
        return Json.object().put("salt", salt.hex()).put("works", works).build();
    }

    static UsedCount of(Fields fields) {
        UsedCount used = new UsedCount(fields.integer("works", 0, Integer.MAX_VALUE), new Salt(fields.text("salt")));
        fields.noOthers();
        return used;
    }
}
