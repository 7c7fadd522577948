package org.tallystick.platform.log;

import java.util.Objects;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/**
 * An entry {@code erasure}: whose words, or which, are gone and by whose will. It holds nothing personal itself. What it
 * removes is what stood in entries before it, so that an erased text is told from a lost one by the log alone.
 */
public sealed interface Erasure {
    /** The entry's type. */
    String TYPE = "erasure";

    /** Who asked for it. */
    PartyId by();

    /**
     * All words of a party, its display name and its API keys.
     *
     * @param destinations whether the payout destinations it has named go as well
     */
    record OfParty(PartyId party, boolean destinations, PartyId by) implements Erasure {
        public OfParty {
            Objects.requireNonNull(party);
            Objects.requireNonNull(by);
        }
    }

    /** The words at one place, as somebody may want that they name. */
    record OfWords(long position, String member, PartyId by) implements Erasure {
        public OfWords {
            Objects.requireNonNull(member);
            Objects.requireNonNull(by);
        }
    }

    /** The entry to append. */
    default Draft draft() {
        Json.Builder body = Json.object().put("by", by().value());
        switch (this) {
            case OfParty of -> body.put("party", of.party().value()).put("destinations", of.destinations());
            case OfWords of -> body.put("position", of.position()).put("member", of.member());
        }
        return Draft.document(TYPE, body.build());
    }

    /** Reads an entry's body. */
    static Erasure read(Json.Obj body) {
        Fields fields = Fields.of(body, TYPE);
        PartyId by = new PartyId(fields.text("by"));
        return fields.optionalText("party")
                .<Erasure>map(party -> new OfParty(
                        new PartyId(party), fields.optionalBool("destinations").orElse(false), by))
                .orElseGet(() -> new OfWords(fields.integer("position", 0, Long.MAX_VALUE), fields.text("member"), by));
    }
}
