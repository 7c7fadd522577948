package org.tallystick.edge.tokens;

import java.util.Optional;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.edge.status.TokenTraffic;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.TokenId;

/** What a token's text is worth for good, as against what changes: its time and revocations. Safe from any thread. */
public sealed interface TokenVerdict {

    /** The token is refused now and always will be. */
    record Denied(Refusal refusal) implements TokenVerdict {}

    /** The platform granted this. Remembers the revocation state it was last judged by. */
    final class Granted implements TokenVerdict {
        private final Grant grant;
        private final TokenId token;
        private final long notBefore;
        private final long expires;
        private final Optional<Quotas.Quota> quota;
        private final TokenTraffic traffic = new TokenTraffic();
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

        public Grant grant() {
            return grant;
        }

        public TokenId token() {
            return token;
        }

        public Optional<Quotas.Quota> quota() {
            return quota;
        }

        /** What the token has been sent. */
        public TokenTraffic traffic() {
            return traffic;
        }

        /** First moment at which the token is valid, in milliseconds since 1970. */
        public long notBefore() {
            return notBefore;
        }

        /** First moment at which the token is no longer valid, in milliseconds since 1970. */
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
