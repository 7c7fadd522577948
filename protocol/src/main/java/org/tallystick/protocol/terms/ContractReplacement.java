package org.tallystick.protocol.terms;

import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The contract that another takes the place of (member {@code replaces}): from its acceptance on, nothing new may be
 * done under the old one, and what was done under it stays owed.
 *
 * @param contract id of the old one
 * @param hash of its terms, so that nobody signs over another than they think
 */
public record ContractReplacement(String contract, Hash hash, Kind as) {
    /** Why it is replaced. */
    public enum Kind implements Worded {
        AMENDMENT("amendment"),
        RENEWAL("renewal");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    public ContractReplacement {
        Identifiers.check(contract, "contract/replaces", "replaces.contract");
        Objects.requireNonNull(hash);
        Objects.requireNonNull(as);
    }

    static ContractReplacement read(Fields fields) {
        String text = fields.text("hash");
        Hash hash;
        try {
            hash = Hash.ofHex(text);
        } catch (MalformedException e) {
            throw new MalformedException(
                    "contract/replaces",
                    fields.path("hash") + " " + Fields.shown(text) + " is not 64 lower-case hexadecimal digits");
        }
        ContractReplacement replaced = new ContractReplacement(
                fields.text("contract"), hash, Worded.of(Kind.class, fields.text("as"), "replaces", fields.path("as")));
        fields.noOthers();
        return replaced;
    }

    Json.Obj json() {
        return Json.object()
                .put("contract", contract)
                .put("hash", hash.hex())
                .put("as", as.word())
                .build();
    }
}
