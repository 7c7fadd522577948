package org.tallystick.protocol.terms;

import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * The contract that this one replaces (member {@code replaces}). Once the new one is accepted, nothing new may be done
 * under the old one; what was done under it is still paid.
 *
 * @param contract id of the old one
 * @param hash of the old one's terms, so that nobody can be mistaken about which terms are replaced
 * @param as why it is replaced
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
