package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;

class GrantTest {
    private static final DidKey PLATFORM = new DidKey(Deliveries.PLATFORM.publicKey());

    @Test
    void matchesTheGoldenVectors() {
        List<Json.Obj> cases = new ArrayList<>();
        cases.add(Json.object()
                .put("kind", "grant")
                .put("key", PLATFORM.toString())
                .put("payload", Deliveries.GRANT.claims())
                .put("jws", Deliveries.GRANT.sign(Deliveries.PLATFORM))
                .build());
        cases.add(Json.object()
                .put("kind", "certificate")
                .put("key", PLATFORM.toString())
                .put("payload", Deliveries.CERTIFICATE.payload())
                .put("jws", Deliveries.CERTIFICATE.sign(Deliveries.PLATFORM))
                .build());
        cases.add(Json.object()
                .put("kind", "grant")
                .put("key", PLATFORM.toString())
                .put("payload", within("EU", "CH").claims())
                .put("jws", within("EU", "CH").sign(Deliveries.PLATFORM))
                .build());
        String token = Deliveries.GRANT.sign(Deliveries.PLATFORM);
        cases.add(refused("jws/wrong-key", Deliveries.GRANT.sign(Deliveries.EDGE)));
        cases.add(refused("jws/wrong-type", Deliveries.CERTIFICATE.sign(Deliveries.PLATFORM)));
        cases.add(refused("jws/malformed", token.substring(0, token.length() - 2)));
        cases.add(refused("jws/malformed", token + "."));
        cases.add(refused(
                "jws/algorithm", withHeader(token, "{\"alg\":\"none\",\"kid\":\"" + PLATFORM + "\",\"typ\":\"x\"}")));
        cases.add(refused(
                "jws/signature",
                withHeader(
                        token,
                        "{\"alg\":\"EdDSA\",\"kid\":\"" + PLATFORM + "\",\"typ\":\"tallystick-grant+jwt\"}",
                        Deliveries.GRANT.claims().with("job", Json.of("job-2")))));
        cases.add(refused(
                "json/not-canonical",
                withHeader(
                        token, "{ \"alg\":\"EdDSA\",\"kid\":\"" + PLATFORM + "\",\"typ\":\"tallystick-grant+jwt\"}")));
        cases.add(refused(
                "grant/token-id",
                Jws.sign(Grant.TYPE, Deliveries.GRANT.claims().with("job", Json.of("job-2")), Deliveries.PLATFORM)
                        .compact()));
        regionsRefused()
                .forEach((reason, regions) -> cases.add(refused(
                        reason,
                        Jws.sign(Grant.TYPE, Deliveries.GRANT.claims().with("regions", regions), Deliveries.PLATFORM)
                                .compact())));
        Vectors.matches(
                "jws.json", "Grants and edge certificates as compact JWS; broken grants with the reason", cases);
    }

    private static Grant within(String... regions) {
        Grant anywhere = Deliveries.GRANT;
        return new Grant(
                anywhere.issuer(),
                anywhere.consumer(),
                anywhere.contract(),
                anywhere.job(),
                anywhere.scope(),
                anywhere.dataset(),
                anywhere.notBefore(),
                anywhere.expires(),
                anywhere.quota(),
                Region.parseAll(List.of(regions), 9));
    }

    /** Reason, and the claim it is the reason for refusing. */
    private static SortedMap<String, Json> regionsRefused() {
        return new TreeMap<>(Map.of(
                "grant/regions", Json.strings(List.of()),
                "grant/token-id", Json.strings(List.of("US")),
                "json/wrong-type", Json.of("EU"),
                "region/repeated", Json.strings(List.of("EU", "EU")),
                "region/too-many", Json.strings(Collections.nCopies(257, "EU")),
                "region/unknown", Json.strings(List.of("Europe"))));
    }

    @Test
    void aRestrictionToRegionsIsReadAndRefusedWithItsReason() {
        Grant grant = within("EU", "CH");
        assertThat(Grant.verify(grant.sign(Deliveries.PLATFORM), PLATFORM, Deliveries.VERIFIER))
                .isEqualTo(grant);
        assertThat(grant.tokenId()).isNotEqualTo(Deliveries.GRANT.tokenId());
        assertThat(within("CH", "EU").tokenId()).isNotEqualTo(grant.tokenId());
        regionsRefused()
                .forEach((reason, regions) ->
                        assertReason(() -> Grant.ofClaims(grant.claims().with("regions", regions)), reason));
        assertReason(() -> Grant.ofClaims(grant.claims().without("regions")), "grant/token-id");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                | DE  | true
                |     | true
        DE      | DE  | true
        DE      | FR  | false
        DE      | EU  | false
        DE      |     | false
        EU      | DE  | true
        EU      | EU  | true
        EU      | NO  | false
        EU      | GB  | false
        EU      | EEA | false
        EU      |     | false
        EEA     | NO  | true
        EEA     | DE  | true
        EEA     | EU  | true
        EEA     | CH  | false
        US EU   | IT  | true
        US EU   | US  | true
        US EU   | CA  | false
        """)
    void aGrantAllowsThePlacesItsRegionsInclude(String regions, String place, boolean allowed) {
        Grant grant = regions == null ? Deliveries.GRANT : within(regions.split(" "));
        assertThat(grant.allows(Optional.ofNullable(place).map(Region::new))).isEqualTo(allowed);
    }

    private static Json.Obj refused(String reason, String jws) {
        return Json.object()
                .put("kind", "grant")
                .put("key", PLATFORM.toString())
                .put("jws", jws)
                .put("refused", reason)
                .build();
    }

    private static String withHeader(String token, String header) {
        return Base64Url.encode(header.getBytes(StandardCharsets.UTF_8)) + token.substring(token.indexOf('.'));
    }

    private static String withHeader(String token, String header, Json.Obj payload) {
        return Base64Url.encode(header.getBytes(StandardCharsets.UTF_8)) + "." + Base64Url.encode(Jcs.bytes(payload))
                + token.substring(token.lastIndexOf('.'));
    }

    @Test
    void theVectorsAreReadAsTheySay() {
        for (Fields vector : Vectors.cases("jws.json")) {
            DidKey key = DidKey.parse(vector.text("key"));
            String jws = vector.text("jws");
            Optional<String> refused = vector.optionalText("refused");
            if (refused.isPresent()) {
                assertReason(() -> Grant.verify(jws, key, Deliveries.VERIFIER), refused.get());
            } else if (vector.text("kind").equals("grant")) {
                assertThat(Grant.verify(jws, key, Deliveries.VERIFIER).claims()).isEqualTo(vector.required("payload"));
            } else {
                assertThat(EdgeCertificate.verify(jws, key, Deliveries.VERIFIER).payload())
                        .isEqualTo(vector.required("payload"));
            }
        }
    }

    @Test
    void everyChangedCharacterOfATokenIsRefused() {
        String token = Deliveries.GRANT.sign(Deliveries.PLATFORM);
        assertThat(Grant.verify(token, PLATFORM, Deliveries.VERIFIER)).isEqualTo(Deliveries.GRANT);
        for (int i = 0; i < token.length(); i++) {
            for (char c : new char[] {'A', 'B', '_', '.', ' '}) {
                if (token.charAt(i) == c) {
                    continue;
                }
                String changed = token.substring(0, i) + c + token.substring(i + 1);
                assertThatThrownBy(() -> Grant.verify(changed, PLATFORM, Deliveries.VERIFIER))
                        .as("character " + i)
                        .isInstanceOf(MalformedException.class);
            }
        }
    }

    @Test
    void theTokenIdBindsEveryClaim() {
        Json.Obj claims = Deliveries.GRANT.claims();
        for (String name : List.of("iss", "sub", "contract", "job")) {
            assertReason(() -> Grant.ofClaims(claims.with(name, Json.of("other"))), "grant/token-id");
        }
        assertReason(() -> Grant.ofClaims(claims.with("exp", Json.of(2_000_000_000L))), "grant/token-id");
        assertReason(() -> Grant.ofClaims(claims.with("quota", Json.of(2))), "grant/token-id");
        assertReason(() -> Grant.ofClaims(claims.without("quota")), "grant/token-id");
        assertReason(() -> Grant.ofClaims(claims.with("scope", Json.of("embedding"))), "grant/token-id");
        assertReason(() -> Grant.ofClaims(claims.with("admin", Json.of(true))), "json/unknown-member");
        assertReason(() -> Grant.ofClaims(claims.with("exp", Json.of(1))), "grant/validity");
    }

    @Test
    void isValidFromItsFirstMomentUpToItsLast() {
        Grant grant = Deliveries.GRANT;
        assertThat(grant.validAt(grant.notBefore())).isTrue();
        assertThat(grant.validAt(grant.notBefore().minusMillis(1))).isFalse();
        assertThat(grant.validAt(grant.expires().minusMillis(1))).isTrue();
        assertThat(grant.validAt(grant.expires())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK | did:key/ok
        did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do0 | did-key/malformed
        did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2do  | did-key/malformed
        did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme | did-key/malformed
        did:web:example.org                                      | did-key/malformed
        """)
    void readsDidKeys(String text, String outcome) {
        if (outcome.endsWith("/ok")) {
            assertThat(DidKey.parse(text).toString()).isEqualTo(text);
        } else {
            assertReason(() -> DidKey.parse(text), outcome);
        }
    }

    @Test
    void didKeysReadBackAsTheyPrint() {
        Seeds.check(2_000, random -> {
            DidKey key = new DidKey(Seeds.bytes(random, 32));
            assertThat(DidKey.parse(key.toString())).isEqualTo(key);
        });
    }

    @Test
    void anyTextIsAGrantOrRefused() {
        String token = Deliveries.GRANT.sign(Deliveries.PLATFORM);
        Seeds.check(100_000, random -> {
            StringBuilder text = new StringBuilder(token);
            for (int i = random.nextInt(3); i >= 0; i--) {
                text.setCharAt(
                        random.nextInt(text.length()), (char) random.nextInt(random.nextBoolean() ? 128 : 65536));
            }
            try {
                Jws.parse(text.toString());
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(jws|json|did-key)/.*");
            }
        });
    }

    private static void assertReason(Runnable action, String reason) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
