package org.tallystick.edge;

import java.util.Optional;
import java.util.function.Supplier;
import org.tallystick.protocol.DidKey;
import org.tallystick.protocol.Grant;
import org.tallystick.protocol.MalformedException;
import org.tallystick.protocol.Region;
import org.tallystick.protocol.Scope;
import org.tallystick.protocol.Verifier;

/**
 * Judges tokens without asking anyone: a signature is verified once per token text, then remembered. What can change
 * (time, revocation) is looked at each time. Refused texts are remembered apart, so that a flood of them drives out no
 * good one. Safe from any thread.
 */
final class TokenGate {
    private static final int MAX_TOKEN = 4096;
    private static final int REMEMBERED = 4096;

    private final Supplier<Optional<DidKey>> platformKey;
    private final Verifier verifier;
    private final Revocations revocations;
    private final Quotas quotas;
    private final Optional<Region> region;
    private final Generations<String, Verdict> granted = new Generations<>(REMEMBERED);
    private final Generations<String, Verdict> denied = new Generations<>(REMEMBERED / 4);

    /** @param region where this edge delivers */
    TokenGate(
            Supplier<Optional<DidKey>> platformKey,
            Verifier verifier,
            Revocations revocations,
            Quotas quotas,
            Optional<Region> region) {
        this.platformKey = platformKey;
        this.verifier = verifier;
        this.revocations = revocations;
        this.quotas = quotas;
        this.region = region;
    }

    /** Judges a token's text; its signature is verified at the first sight of it. */
    Verdict judge(String text) {
        if (text.length() > MAX_TOKEN) {
            return new Verdict.Denied(Refusal.of(
                    Reason.TOKEN_TOO_LONG,
                    "A token has at most " + MAX_TOKEN + " characters, not " + text.length() + "."));
        }
        Optional<Verdict> known = granted.find(text).or(() -> denied.find(text));
        if (known.isPresent()) {
            return known.get();
        }
        Optional<DidKey> platform = platformKey.get();
        if (platform.isEmpty()) {
            return new Verdict.Denied(Refusal.of(Reason.EDGE_STARTING));
        }
        return verify(text, platform.get());
    }

    private Verdict verify(String text, DidKey platform) {
        try {
            Grant grant = Grant.verify(text, platform, verifier);
            if (!grant.allows(region)) {
                return deny(text, Refusal.of(Reason.TOKEN_WRONG_REGION, whereInstead(grant)));
            }
            Verdict verdict = new Verdict.Granted(grant, grant.quota().map(limit -> quotas.of(grant, limit)));
            granted.put(text, verdict);
            return verdict;
        } catch (MalformedException e) {
            Reason reason = switch (e.reason()) {
                case "jws/signature" -> Reason.TOKEN_SIGNATURE;
                case "jws/wrong-key" -> Reason.TOKEN_WRONG_KEY;
                default -> Reason.TOKEN_MALFORMED;
            };
            return deny(text, Refusal.of(reason, e.reason() + ": " + e.detail() + "."));
        }
    }

    private Verdict deny(String text, Refusal refusal) {
        Verdict verdict = new Verdict.Denied(refusal);
        denied.put(text, verdict);
        return verdict;
    }

    private String whereInstead(Grant grant) {
        return "Deliveries may go to " + grant.regions() + "; this edge delivers in "
                + region.map(Region::code).orElse("no region it was told of") + ".";
    }

    /**
     * Whether a grant lets its holder fetch works at a moment.
     *
     * @param now milliseconds since 1970
     */
    Optional<Refusal> check(Verdict.Granted verdict, long now) {
        if (now >= verdict.expires()) {
            return Optional.of(Refusal.of(
                    Reason.TOKEN_EXPIRED,
                    "The token expired at " + verdict.grant().expires() + "."));
        }
        if (now < verdict.notBefore()) {
            return Optional.of(Refusal.of(
                    Reason.TOKEN_NOT_YET_VALID,
                    "The token is valid from " + verdict.grant().notBefore() + "."));
        }
        if (verdict.grant().scope() == Scope.INFERENCE) {
            return Optional.of(Refusal.of(Reason.TOKEN_WRONG_SCOPE, "A token of scope inference fetches no works."));
        }
        return revocations.check(verdict);
    }
}
