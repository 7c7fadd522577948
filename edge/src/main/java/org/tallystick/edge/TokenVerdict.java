package org.tallystick.edge;

import java.util.Optional;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.TokenId;

/** What the edge thinks of a token's text, apart from the time of day and revocations. Safe from any thread. */
sealed interface TokenVerdict {

    /** The token will never be good. */
    record Denied(Refusal refusal) implements TokenVerdict {}

    /** The platform granted this. Remembers the revocation state it was last judged by. */
    final class Granted implements TokenVerdict {
        private final Grant grant;
        private final TokenId token;
        private final long notBefore;
        private final long expires;
        private final Optional<Quotas.Quota> quota;
        private volatile Judged judged = new Judged(-1, Optional.empty());

        /** @param refusal why the grant is revoked as of that version of the revocations */
        record Judged(long version, Optional<Refusal> refusal) {}

        Granted(Grant grant, Optional<Quotas.Quota> quota) {
            this.grant = grant;
            this.token = grant.tokenId();
            this.notBefore = grant.notBefore().toEpochMilli();
            this.expires = grant.expires().toEpochMilli();
            this.quota = quota;
        }

        Grant grant() {
            return grant;
        }

        TokenId token() {
            return token;
        }

        Optional<Quotas.Quota> quota() {
            return quota;
        }

        /** First millisecond of validity. */
        long notBefore() {
            return notBefore;
        }

        /** First millisecond past it. */
        long expires() {
            return expires;
        }

        Judged judged() {
            return judged;
        }

        void judged(Judged now) {
            judged = now;
        }
    }
}
