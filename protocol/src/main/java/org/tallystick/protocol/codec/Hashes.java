package org.tallystick.protocol.codec;

import java.util.ArrayList;
import java.util.List;

/** Lists of hashes as one base64url text of their bytes: the form of every proof inside a document. */
public final class Hashes {
    private Hashes() {}

    /** The bytes of all, one after another. */
    public static Json.Str json(List<Hash> hashes) {
        byte[] bytes = new byte[hashes.size() * Hash.BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            hashes.get(i).writeTo(bytes, i * Hash.BYTES);
        }
        return Json.of(Base64Url.encode(bytes));
    }

    /**
     * Reads a member of a document.
     *
     * @param reason of the refusal of a text that is no list of hashes
     */
    public static List<Hash> read(Fields fields, String name, String reason) {
        byte[] bytes = Base64Url.decode(fields.text(name), reason);
        if (bytes.length % Hash.BYTES != 0) {
            throw new MalformedException(reason, fields.path(name) + " is no list of hashes");
        }
        List<Hash> hashes = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += Hash.BYTES) {
            hashes.add(Hash.at(bytes, at));
        }
        return List.copyOf(hashes);
    }
}
