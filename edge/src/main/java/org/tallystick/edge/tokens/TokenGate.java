package org.tallystick.edge.tokens;

import java.util.Optional;
import java.util.function.Supplier;
import org.tallystick.edge.cache.Generations;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Region;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/**
 * Judges tokens without asking anyone: a signature is verified once for each token text and the verdict is kept. What
 * can change (time, revocation) is checked for each request. Denied texts are kept in a cache of their own, so that
 * many of them cannot push out those that were granted. Safe from any thread.
 */
public final class TokenGate {
    private static final int MAX_TOKEN = 4096;
    private static final int REMEMBERED = 4096;

    /** How far this edge's clock may be behind the platform's; the platform takes edges' clocks to be as far ahead. */
    private static final long CLOCK_SKEW_MILLIS = 5 * 60_000;

    private final Supplier<Optional<DidKey>> platformKey;
    private final Verifier verifier;
    private final Revocations revocations;
    private final Quotas quotas;
    private final int edge;
    private final Optional<Region> region;
    private final Generations<String, TokenVerdict> granted = new Generations<>(REMEMBERED);
    private final Generations<String, TokenVerdict> denied = new Generations<>(REMEMBERED / 4);

    /**
     * @param edge number of this edge
     * @param region where it delivers
     */
    public TokenGate(
            Supplier<Optional<DidKey>> platformKey,
            Verifier verifier,
            Revocations revocations,
            Quotas quotas,
            int edge,
            Optional<Region> region) {
        this.platformKey = platformKey;
        this.verifier = verifier;
        this.revocations = revocations;
        this.quotas = quotas;
        this.edge = edge;
        this.region = region;
    }

    /** Judges a token's text; its signature is verified the first time the text is seen. */
    public TokenVerdict judge(String text) {
        if (text.length() > MAX_TOKEN) {
            return new TokenVerdict.Denied(Refusal.of(
                    RefusalReason.TOKEN_TOO_LONG,
                    "A token has at most " + MAX_TOKEN + " characters, not " + text.length() + "."));
        }
        Optional<TokenVerdict> known = granted.find(text).or(() -> denied.find(text));
        if (known.isPresent()) {
            return known.get();
        }
        Optional<DidKey> platform = platformKey.get();
        if (platform.isEmpty()) {
            return new TokenVerdict.Denied(Refusal.of(RefusalReason.EDGE_STARTING));
        }
        return verify(text, platform.get());
    }

    private TokenVerdict verify(String text, DidKey platform) {
        try {
            Grant grant = Grant.verify(text, platform, verifier);
            if (!grant.allows(region)) {
                return deny(text, Refusal.of(RefusalReason.TOKEN_WRONG_REGION, regionsAllowed(grant)));
            }
            if (!grant.allowsEdge(edge)) {
                return deny(
                        text,
                        Refusal.of(
                                RefusalReason.TOKEN_WRONG_EDGE,
                                "Deliveries may come from edges " + grant.edges() + "; this is edge " + edge + "."));
            }
            TokenVerdict verdict = new TokenVerdict.Granted(grant, grant.quota().map(limit -> quotas.of(grant, limit)));
            granted.put(text, verdict);
            return verdict;
        } catch (MalformedException e) {
            RefusalReason reason = switch (e.reason()) {
                case "jws/signature" -> RefusalReason.TOKEN_SIGNATURE;
                case "jws/wrong-key" -> RefusalReason.TOKEN_WRONG_KEY;
                default -> RefusalReason.TOKEN_MALFORMED;
            };
            return deny(text, Refusal.of(reason, e.reason() + ": " + e.detail() + "."));
        }
    }

    private TokenVerdict deny(String text, Refusal refusal) {
        TokenVerdict verdict = new TokenVerdict.Denied(refusal);
        denied.put(text, verdict);
        return verdict;
    }

    private String regionsAllowed(Grant grant) {
        return "Deliveries may go to " + grant.regions() + "; this edge delivers in "
                + region.map(Region::code).orElse("no region it was told of") + ".";
    }

    /**
     * Whether a grant lets its holder fetch works at a moment. One that begins within the next five minutes does, because a
     * platform whose clock is a little ahead issues it; its leaves then carry the grant's first moment.
     *
     * @param now milliseconds since 1970
     */
    public Optional<Refusal> check(TokenVerdict.Granted verdict, long now) {
        if (now >= verdict.expires()) {
            return Optional.of(Refusal.of(
                    RefusalReason.TOKEN_EXPIRED,
                    "The token expired at " + verdict.grant().expires() + "."));
        }
        if (now < verdict.notBefore() - CLOCK_SKEW_MILLIS) {
            return Optional.of(Refusal.of(
                    RefusalReason.TOKEN_NOT_YET_VALID,
                    "The token is valid from " + verdict.grant().notBefore() + "."));
        }
        if (verdict.grant().scope() == Scope.INFERENCE) {
            return Optional.of(
                    Refusal.of(RefusalReason.TOKEN_WRONG_SCOPE, "A token of scope inference fetches no works."));
        }
        return revocations.check(verdict);
    }
}
