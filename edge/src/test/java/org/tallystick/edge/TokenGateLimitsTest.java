package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.edge.disk.Disk;
import org.tallystick.edge.disk.FaultyDisk;
import org.tallystick.edge.keys.Ed25519Provider;
import org.tallystick.edge.keys.Signatures;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.edge.spool.Quotas;
import org.tallystick.edge.tokens.Revocations;
import org.tallystick.edge.tokens.TokenGate;
import org.tallystick.edge.tokens.TokenVerdict;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Region;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;

/** Where a token's length and times end, what revokes it, and that its signature is verified once. */
class TokenGateLimitsTest {
    private static final int LONGEST = 4096;

    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private PlatformClient client;
    private Revocations revocations;
    private final AtomicInteger verified = new AtomicInteger();
    private final AtomicReference<Optional<DidKey>> platformKey = new AtomicReference<>(Optional.empty());

    @BeforeEach
    void begin() throws IOException {
        fixture = new EdgeFixture(dir);
        platformKey.set(Optional.of(new DidKey(fixture.platform.signer.publicKey())));
        client = new PlatformClient(fixture.platform.uri(), StubPlatform.API_KEY);
        Disk disk = new FaultyDisk();
        revocations = Revocations.open(disk, dir.resolve("revocations.json"), 1, client);
    }

    @AfterEach
    void end() {
        client.close();
        fixture.close();
    }

    private TokenGate gate(Optional<Region> region) {
        Verifier verifier = Ed25519Provider.choose(Signatures.AUTO).verifier();
        return new TokenGate(
                platformKey::get,
                (key, message, signature) -> {
                    verified.incrementAndGet();
                    return verifier.verify(key, message, signature);
                },
                revocations,
                new Quotas(fixture.clock),
                1,
                region);
    }

    private static Grant grant(Scope scope, Instant notBefore, Instant expires, Optional<Long> quota) {
        return new Grant(
                "test.example/log",
                "buyer-1",
                "contract-1",
                "job-1",
                scope,
                Hash.of(new byte[32]),
                notBefore,
                expires,
                quota);
    }

    private static Grant anHour(Optional<Long> quota) {
        return grant(Scope.TRAINING, EdgeFixture.NOON, EdgeFixture.NOON.plusSeconds(3600), quota);
    }

    private String signed(Grant grant) {
        return EdgeFixture.token(grant, fixture.platform.signer);
    }

    private static RefusalReason refused(TokenVerdict verdict) {
        assertThat(verdict).isInstanceOf(TokenVerdict.Denied.class);
        return ((TokenVerdict.Denied) verdict).refusal().reason();
    }

    private static TokenVerdict.Granted granted(TokenVerdict verdict) {
        assertThat(verdict).isInstanceOf(TokenVerdict.Granted.class);
        return (TokenVerdict.Granted) verdict;
    }

    @ParameterizedTest
    @CsvSource({
        LONGEST - 1 + ", TOKEN_MALFORMED",
        LONGEST + ", TOKEN_MALFORMED",
        LONGEST + 1 + ", TOKEN_TOO_LONG",
    })
    void aTextOfTheLongestLengthIsStillRead(int length, RefusalReason reason) {
        assertThat(refused(gate(Optional.empty()).judge("x".repeat(length)))).isEqualTo(reason);
    }

    /** Grants can be longer than a token may be; whichever letter makes one too long, the one before it is granted. */
    @Test
    void aSignedTokenIsGrantedUpToTheLongestLength() {
        TokenGate gate = gate(Optional.empty());
        int longest = 0;
        int letters = 1;
        String token = signed(on220Edges(letters));
        while (token.length() <= LONGEST) {
            longest = token.length();
            granted(gate.judge(token));
            token = signed(on220Edges(++letters));
        }
        assertThat(refused(gate.judge(token))).isEqualTo(RefusalReason.TOKEN_TOO_LONG);
        assertThat(longest)
                .as("a letter takes at most two characters of base64")
                .isBetween(LONGEST - 1, LONGEST);
        assertThat(verified).as("what is too long is not verified").hasValue(letters - 1);
    }

    /** @param letters of the issuer's name, 1 to 256 */
    private static Grant on220Edges(int letters) {
        Grant plain = anHour(Optional.empty());
        return new Grant(
                "x".repeat(letters),
                plain.consumer(),
                plain.contract(),
                plain.job(),
                plain.scope(),
                plain.dataset(),
                plain.notBefore(),
                plain.expires(),
                plain.quota(),
                plain.regions(),
                plain.order(),
                IntStream.concat(IntStream.of(1), IntStream.range(1_000_000_001, 1_000_000_220))
                        .boxed()
                        .toList());
    }

    @Test
    void aGrantedTokensSignatureIsVerifiedOnce() {
        TokenGate gate = gate(Optional.empty());
        String token = signed(anHour(Optional.empty()));
        TokenVerdict first = gate.judge(token);
        granted(first);
        for (int i = 0; i < 5; i++) {
            assertThat(gate.judge(token)).isSameAs(first);
        }
        assertThat(verified).hasValue(1);
    }

    @Test
    void aRefusedTokensSignatureIsVerifiedOnce() {
        TokenGate gate = gate(Optional.empty());
        String token = signed(anHour(Optional.empty()));
        String forged = token.substring(0, token.length() - 8) + "AAAAAAAA";
        TokenVerdict first = gate.judge(forged);
        assertThat(refused(first)).isEqualTo(RefusalReason.TOKEN_SIGNATURE);
        for (int i = 0; i < 5; i++) {
            assertThat(gate.judge(forged)).isSameAs(first);
        }
        assertThat(verified).hasValue(1);
    }

    @Test
    void aTokenForOtherRegionsIsRefusedWithTheRegionsAndVerifiedOnce() {
        TokenGate gate = gate(Region.parseAll(List.of("US"), 1).stream().findFirst());
        String token = signed(fixture.grant(Hash.of(new byte[32]), "DE", "FR"));
        TokenVerdict first = gate.judge(token);
        assertThat(refused(first)).isEqualTo(RefusalReason.TOKEN_WRONG_REGION);
        assertThat(((TokenVerdict.Denied) first).refusal().detail())
                .contains("[DE, FR]")
                .contains("in US");
        assertThat(gate.judge(token)).isSameAs(first);
        assertThat(verified).hasValue(1);
    }

    /** Before the platform's key is known nothing is judged, and nothing is remembered of it. */
    @Test
    void withoutThePlatformsKeyATokenIsJudgedLater() {
        TokenGate gate = gate(Optional.empty());
        Optional<DidKey> known = platformKey.getAndSet(Optional.empty());
        String token = signed(anHour(Optional.empty()));
        assertThat(refused(gate.judge(token))).isEqualTo(RefusalReason.EDGE_STARTING);
        platformKey.set(known);
        granted(gate.judge(token));
    }

    @ParameterizedTest
    @CsvSource({
        // milliseconds after the first moment of validity, of 3600 s; refusal
        "-300001, TOKEN_NOT_YET_VALID",
        "-300000, none",
        "0, none",
        "1, none",
        "3599999, none",
        "3600000, TOKEN_EXPIRED",
        "3600001, TOKEN_EXPIRED",
    })
    void aTokenIsValidFromFiveMinutesBeforeItsFirstMomentUpToItsEnd(long after, String refusal) {
        TokenGate gate = gate(Optional.empty());
        TokenVerdict.Granted verdict = granted(gate.judge(signed(anHour(Optional.empty()))));
        assertThat(gate.check(verdict, EdgeFixture.NOON.toEpochMilli() + after)
                        .map(refused -> refused.reason().name()))
                .isEqualTo(refusal.equals("none") ? Optional.empty() : Optional.of(refusal));
    }

    @ParameterizedTest
    @CsvSource({"TRAINING, none", "EMBEDDING, none", "INFERENCE, TOKEN_WRONG_SCOPE"})
    void aTokenOfScopeInferenceFetchesNothing(Scope scope, String refusal) {
        TokenGate gate = gate(Optional.empty());
        Grant grant = grant(scope, EdgeFixture.NOON, EdgeFixture.NOON.plusSeconds(9), Optional.empty());
        assertThat(gate.check(granted(gate.judge(signed(grant))), EdgeFixture.NOON.toEpochMilli())
                        .map(refused -> refused.reason().name()))
                .isEqualTo(refusal.equals("none") ? Optional.empty() : Optional.of(refusal));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsRevokedAfterItWasGrantedIsRefused(boolean contract) throws IOException {
        TokenGate gate = gate(Optional.empty());
        Grant grant = anHour(Optional.empty());
        TokenVerdict.Granted verdict = granted(gate.judge(signed(grant)));
        assertThat(gate.check(verdict, EdgeFixture.NOON.toEpochMilli())).isEmpty();
        if (contract) {
            fixture.platform.revokeContract(grant.contract());
        } else {
            fixture.platform.revokeToken(grant.tokenId().toString());
        }
        revocations.poll();
        assertThat(gate.check(verdict, EdgeFixture.NOON.toEpochMilli())
                        .orElseThrow()
                        .reason())
                .isEqualTo(contract ? RefusalReason.CONTRACT_REVOKED : RefusalReason.TOKEN_REVOKED);
    }

    @Test
    void aQuotaIsTheGrantsAndCountedOnce() {
        TokenGate gate = gate(Optional.empty());
        assertThat(granted(gate.judge(signed(anHour(Optional.empty())))).quota())
                .isEmpty();
        TokenVerdict.Granted verdict = granted(gate.judge(signed(anHour(Optional.of(2L)))));
        Quotas.Quota quota = verdict.quota().orElseThrow();
        assertThat(List.of(quota.take(7, 10), quota.take(8, 10), quota.take(9, 10), quota.take(7, 10)))
                .containsExactly(Quotas.Answer.HELD, Quotas.Answer.HELD, Quotas.Answer.USED_UP, Quotas.Answer.HELD);
    }
}
