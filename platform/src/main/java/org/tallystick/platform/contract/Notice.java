package org.tallystick.platform.contract;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;

/**
 * Something a party has declared about a contract.
 *
 * @param position log position of its entry
 * @param given when
 * @param effective when it ends the contract, by when a breach must be mended, when exclusivity ended
 */
public record Notice(
        ContractId contract, long position, Kind kind, Instant given, PartyId by, String reason, Instant effective) {
    /** What is declared. */
    public enum Kind {
        TERMINATION,
        BREACH,
        REVERSION;

        /** The word used in documents. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind ofWord(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no notice " + word));
        }
    }

    public Notice {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(by);
        Objects.requireNonNull(reason);
        if (effective.isBefore(given)) {
            throw new IllegalArgumentException("a notice takes effect before it is given");
        }
    }
}
