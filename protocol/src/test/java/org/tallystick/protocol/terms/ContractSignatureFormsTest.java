package org.tallystick.protocol.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.tallystick.protocol.terms.ContractFormTest.assertReason;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.sign.DetachedJws;
import org.tallystick.protocol.sign.DidDocument;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.DidWeb;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.statement.Changed;

/** Signatures as detached JWS, under names of the web, and under mandates: each offline, each lie with its reason. */
class ContractSignatureFormsTest {
    private static final JdkEd25519 COOP = JdkEd25519.ofSeed(Deliveries.seed("coop"));
    private static final DidWeb WEB = DidWeb.parse("did:web:buyer.example:legal#key-1");
    private static final Map<String, DidKey> KEYS = keys();
    private static final ContractDocument TERMS = ContractDocument.parse(Contracting.unsigned());
    private static final Mandate MANDATE = mandate(Mandate.Reach.any());

    private static Map<String, DidKey> keys() {
        Map<String, DidKey> keys = new HashMap<>(Contracting.KEYS);
        keys.put("coop-1", new DidKey(COOP.publicKey()));
        return Map.copyOf(keys);
    }

    private static Mandate mandate(Mandate.Reach reach) {
        return Mandate.sign(
                "m-1",
                "creator-42",
                "coop-1",
                reach,
                Contracting.WHEN.minus(Duration.ofDays(1)),
                Contracting.WHEN.plus(Duration.ofDays(1)),
                Contracting.CREATOR);
    }

    private static ContractDocument detached(Optional<DidWeb> web) {
        return TERMS.signDetached("creator-42", Contracting.CREATOR, Optional.empty(), Contracting.WHEN)
                .signDetached("curator-11", Contracting.CURATOR, Optional.empty(), Contracting.WHEN)
                .signDetached("buyer-7", Contracting.BUYER, web, Contracting.WHEN);
    }

    private static ContractDocument mandated(Mandate mandate) {
        return TERMS.sign("curator-11", Contracting.CURATOR, Contracting.WHEN)
                .sign("buyer-7", Contracting.BUYER, Contracting.WHEN)
                .signUnder(mandate, COOP, Contracting.WHEN);
    }

    private static List<String> reasons(ContractDocument document) {
        return document.verify(Contracting.REQUIRED, KEYS, Deliveries.VERIFIER).stream()
                .map(Finding::reason)
                .toList();
    }

    /** The buyer's signature with a header of its own making, as another library would write it. */
    private static Json.Obj header(String header, boolean encoded) {
        String text = Base64Url.encode(header.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        DetachedJws form = new DetachedJws(Optional.empty(), Optional.empty(), encoded, text, new byte[64]);
        byte[] signature = Contracting.BUYER.sign(form.message(TERMS.signingBytes()));
        return detached(Optional.empty())
                .json()
                .with("signatures", Json.array(List.of(entry(text + ".." + Base64Url.encode(signature)))));
    }

    private static Json.Obj entry(String jws) {
        return Json.object()
                .put("party", "buyer-7")
                .put("jws", jws)
                .put("timestamp", Contracting.WHEN)
                .build();
    }

    private static byte[] didDocument(String key) {
        return """
            {"@context": ["https://www.w3.org/ns/did/v1"], "id": "did:web:buyer.example:legal",
             "verificationMethod": [{"id": "#key-1", "type": "Multikey", "controller": "did:web:buyer.example:legal",
               "publicKeyMultibase": "%s"}],
             "assertionMethod": ["#key-1"]}
            """.formatted(key.substring("did:key:".length())).getBytes(StandardCharsets.UTF_8);
    }

    private static String buyersKey() {
        return String.valueOf(KEYS.get("buyer-7"));
    }

    @Test
    void matchesTheGoldenVectors() {
        String kid = "'kid':'" + buyersKey() + "'";
        List<Json.Obj> cases = new ArrayList<>();
        cases.add(sound(detached(Optional.empty()).json()));
        cases.add(sound(detached(Optional.of(WEB)).json()));
        cases.add(sound(mandated(MANDATE).json()));
        cases.add(sound(alone(header("{'alg':'EdDSA'," + kid + "}", true))));
        cases.add(sound(
                alone(header("{'kid':'" + buyersKey() + "#" + buyersKey().substring(8) + "','alg':'EdDSA'}", true))));
        cases.add(sound(alone(header("{'alg':'EdDSA','b64':false,'crit':['b64']," + kid + "}", false))));
        cases.addAll(brokenHeaders(kid));
        cases.addAll(brokenSignatures());
        cases.addAll(brokenMandates());
        Vectors.matches(
                "contract-signatures.json",
                "Contracts signed by detached JWS and under mandates; broken ones with the reason of the form check"
                        + " (refused) or of verification (finding), the keys being those of the first case",
                cases);
    }

    private static List<Json.Obj> brokenHeaders(String kid) {
        List<Json.Obj> cases = new ArrayList<>();
        for (String[] broken : new String[][] {
            {"{'alg':'ES256'," + kid + "}", "jws/algorithm"},
            {"{'alg':'none'," + kid + "}", "jws/algorithm"},
            {"{'alg':'EdDSA'}", "json/missing-member"},
            {"{'alg':'EdDSA','jwk':{}," + kid + "}", "json/unknown-member"},
            {"{'alg':'EdDSA','typ':'tallystick-grant'," + kid + "}", "jws/wrong-type"},
            {"{'alg':'EdDSA','b64':false," + kid + "}", "jws/critical"},
            {"{'alg':'EdDSA','crit':['exp'],'b64':true," + kid + "}", "jws/critical"},
            {"{'alg':'EdDSA','kid':'did:web:buyer.example#k'}", "contract/signature-key-missing"},
            {"{'alg':'EdDSA','kid':'did:web:Buyer.example#k'}", "did-web/malformed"},
            {"{'alg':'EdDSA','kid':'key-1'}", "did-key/malformed"},
        }) {
            cases.add(refused(header(broken[0], true), broken[1]));
        }
        return cases;
    }

    private static List<Json.Obj> brokenSignatures() {
        Json.Obj jws = detached(Optional.empty()).json();
        List<Json.Obj> cases = new ArrayList<>();
        cases.add(refused(Changed.at(jws, "signatures[0].jws", "\"e30.e30.e30\""), "jws/not-detached"));
        cases.add(refused(Changed.at(jws, "signatures[0].jws", "\"e30..e30\""), "jws/malformed"));
        cases.add(refused(Changed.at(jws, "signatures[0].jws", "\"0xab\""), "contract/signature-form"));
        cases.add(refused(Changed.at(jws, "signatures[0].sig", "\"0xab\""), "contract/signature-form"));
        cases.add(refused(
                Changed.at(jws, "signatures[0].key", "\"" + KEYS.get("coop-1") + "\""),
                "contract/signature-keys-differ"));
        cases.add(found(Changed.at(jws, "pricing.pricePerUnitUsd", "0.004"), "contract/signature-wrong"));
        cases.add(found(Changed.at(jws, "signatures[0].party", "\"buyer-8\""), "contract/party-unknown"));
        cases.add(found(Changed.at(jws, "signatures[0].party", "\"coop-1\""), "contract/signature-wrong-key"));
        return cases;
    }

    private static List<Json.Obj> brokenMandates() {
        Json.Obj under = mandated(MANDATE).json();
        List<Json.Obj> cases = new ArrayList<>();
        for (String[] broken : new String[][] {
            {"mandateId", "\"m 1\"", "mandate/id"},
            {"@type", "\"DataContract\"", "mandate/type"},
            {"agentId", "\"creator-42\"", "mandate/party"},
            {"ends", "\"2020-01-01T00:00:00Z\"", "mandate/time"},
            {"uses", "[]", "mandate/reach"},
            {"uses", "[\"training!\"]", "mandate/reach"},
            {"goodwill", "1", "json/unknown-member"},
        }) {
            cases.add(refused(Changed.at(under, "signatures[2].mandate." + broken[0], broken[1]), broken[2]));
        }
        cases.add(found(Changed.at(under, "signatures[2].mandate.mandateId", "\"m-2\""), "contract/mandate-signature"));
        cases.add(
                found(Changed.at(under, "signatures[2].mandate.agentId", "\"buyer-7\""), "contract/mandate-signature"));
        cases.add(found(
                Changed.at(under, "signatures[2].timestamp", "\"2026-03-01T00:00:00Z\""), "contract/mandate-time"));
        cases.add(found(
                Changed.at(under, "signatures[2].mandate.key", "\"" + KEYS.get("coop-1") + "\""),
                "contract/mandate-wrong-key"));
        cases.add(found(Changed.at(under, "signatures[2].party", "\"creator-43\""), "contract/mandate-party"));
        cases.add(found(Changed.at(under, "signatures[2].mandate", "-"), "contract/signature-wrong-key"));
        return cases;
    }

    /** With the two other signatures a sound contract needs. */
    private static Json.Obj alone(Json.Obj contract) {
        return ContractDocument.parse(contract)
                .sign("creator-42", Contracting.CREATOR, Contracting.WHEN)
                .sign("curator-11", Contracting.CURATOR, Contracting.WHEN)
                .json();
    }

    private static Json.Obj sound(Json.Obj contract) {
        Json.Builder keys = Json.object();
        KEYS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> keys.put(e.getKey(), e.getValue().toString()));
        return Json.object().put("contract", contract).put("keys", keys.build()).build();
    }

    private static Json.Obj refused(Json.Obj contract, String reason) {
        return Json.object().put("contract", contract).put("refused", reason).build();
    }

    private static Json.Obj found(Json.Obj contract, String reason) {
        return Json.object().put("contract", contract).put("finding", reason).build();
    }

    @Test
    void theVectorsAreReadAsTheySay() {
        for (Fields vector : Vectors.cases("contract-signatures.json")) {
            Json.Obj contract = vector.fields("contract").object();
            Optional<String> refused = vector.optionalText("refused");
            if (refused.isPresent()) {
                assertReason(() -> ContractDocument.parse(contract), refused.get());
                continue;
            }
            Optional<String> finding = vector.optionalText("finding");
            List<String> found = reasons(ContractDocument.parse(contract));
            assertThat(finding.isEmpty() ? found.isEmpty() : found.contains(finding.get()))
                    .as(vector.object() + " " + found)
                    .isTrue();
        }
    }

    /** RFC 8037, appendix A.4: somebody else's signature over somebody else's bytes. */
    @Test
    void theSignedBytesAreThoseOfTheStandard() {
        byte[] key = Base64Url.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "key");
        byte[] signature = Base64Url.decode(
                "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg", "signature");
        DetachedJws example =
                new DetachedJws(Optional.empty(), Optional.empty(), true, "eyJhbGciOiJFZERTQSJ9", signature);
        byte[] payload = "Example of Ed25519 signing".getBytes(StandardCharsets.US_ASCII);
        assertThat(Deliveries.VERIFIER.verify(key, example.message(payload), example.signature()))
                .isTrue();
    }

    @Test
    void aNameOfTheWebIsHeldAgainstTheDocumentAtHand() {
        ContractDocument signed = detached(Optional.of(WEB));
        assertThat(signed.verifyByStatedKeys(Deliveries.VERIFIER)).isEmpty();
        assertThat(signed.verifyNames(List.of(), Contracting.WHEN))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.reason()).isEqualTo("contract/did-document-missing");
                    assertThat(finding.detail()).contains("https://buyer.example/legal/did.json");
                });
        assertThat(signed.verifyNames(List.of(DidDocument.parse(didDocument(buyersKey()))), Contracting.WHEN))
                .isEmpty();
        assertThat(signed.verifyNames(
                        List.of(DidDocument.parse(didDocument(String.valueOf(KEYS.get("coop-1"))))), Contracting.WHEN))
                .extracting(Finding::reason)
                .containsExactly("contract/did-wrong-key");
        assertThat(detached(Optional.empty()).verifyNames(List.of(), Contracting.WHEN))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        did:web:example.com#k                | https://example.com/.well-known/did.json
        did:web:example.com%3A8443#k         | https://example.com:8443/.well-known/did.json
        did:web:example.com:a:b#k            | https://example.com/a/b/did.json
        did:web:example.com                  |
        did:web:#k                           |
        did:web:example.com:..%2F#k          |
        did:web:example.com/../#k            |
        did:web:user@example.com#k           |
        did:key:z6Mk#k                       |
        """)
    void whereADidWebIsPublished(String text, String location) {
        if (location == null) {
            assertReason(() -> DidWeb.parse(text), "did-web/malformed");
        } else {
            assertThat(DidWeb.parse(text).location()).isEqualTo(location);
            assertThat(DidWeb.parse(text).toString()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                                             | json/missing-member
        {"id":"did:web:a.b","verificationMethod":[{}]}                                 | json/missing-member
        {"id":"did:web:a.b","verificationMethod":{}}                                   | json/wrong-type
        {"id":"did:web:a.b","verificationMethod":[{"id":"#k","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":"AA"}}]} | did-key/malformed
        {"id":"did:web:a.b","verificationMethod":[{"id":"#k","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":"?"}}]} | did-document/key
        {"id":"did:web:a.b","verificationMethod":[{"id":"#k","publicKeyMultibase":"z6Mk0"}]} | did-key/malformed
        {"id":"did:web:a.b","verificationMethod":[{"id":"#k","revoked":"soon","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}]} | time/malformed
        {"id":"did:web:a.b","verificationMethod":[{"id":"#k","publicKeyJwk":{"kty":"RSA"}},{"id":"#k","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}]} | did-document/duplicate
        {"id":"did:web:a.b","verificationMethod":[{"id":"#k","publicKeyMultibase":"z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}]} | did-document/two-keys
        {"id":"did:web:a.b","verificationMethod":[{"id":"#k","publicKeyHex":"00","publicKeyJwk":{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}]} | did-document/two-keys
        """)
    void aDidDocumentThatMakesNoSenseIsRefused(String document, String reason) {
        assertReason(() -> DidDocument.parse(document.getBytes(StandardCharsets.UTF_8)), reason);
        assertReason(() -> DidDocument.parse(new byte[DidDocument.MAX_BYTES + 1]), "did-document/oversized");
    }

    @Test
    void keysOfADidDocumentAreFoundInEitherSpellingAndOnlyForAssertions() {
        String x = Base64Url.encode(Contracting.BUYER.publicKey());
        String document = """
            {"id": "did:web:a.b", "service": [{"id": "#s"}],
             "verificationMethod": [
               {"id": "did:web:a.b#jwk", "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "%s"}},
               {"id": "#rsa", "publicKeyJwk": {"kty": "RSA"}},
               {"id": "#login", "publicKeyMultibase": "%s"}],
             "authentication": ["#login"],
             "assertionMethod": ["did:web:a.b#jwk", "#rsa", {"id": "#own", "publicKeyMultibase": "%s"}]}
            """.formatted(x, buyersKey().substring(8), buyersKey().substring(8));
        DidDocument parsed = DidDocument.parse(document.getBytes(StandardCharsets.UTF_8));
        assertThat(parsed.key(DidWeb.parse("did:web:a.b#jwk")))
                .map(DidDocument.Key::key)
                .isEqualTo(Optional.ofNullable(KEYS.get("buyer-7")));
        assertThat(parsed.key(DidWeb.parse("did:web:a.b#own")))
                .map(DidDocument.Key::key)
                .isEqualTo(Optional.ofNullable(KEYS.get("buyer-7")));
        for (String other : List.of("did:web:a.b#login", "did:web:a.b#rsa", "did:web:a.b#none", "did:web:a.c#jwk")) {
            assertThat(parsed.key(DidWeb.parse(other))).as(other).isEmpty();
        }
    }

    /** The time beside a signature is covered by nothing: who has a revoked key dates back. */
    @ParameterizedTest
    @CsvSource({
        "revoked, 2026-01-05T12:34:56Z, contract/did-key-revoked",
        "revoked, 2026-01-05T12:34:57Z, ''",
        "revoked, 2020-01-01T00:00:00Z, contract/did-key-revoked",
        "expires, 2026-01-05T12:34:56Z, contract/did-key-expired",
        "expires, 2026-01-05T12:34:57Z, ''",
    })
    void aKeyThatIsRevokedOrExpiredInItsDocumentSignsNothing(String member, String time, String reason) {
        String document = new String(didDocument(buyersKey()), StandardCharsets.UTF_8)
                .replace("\"type\": \"Multikey\"", "\"type\": \"Multikey\", \"" + member + "\": \"" + time + "\"");
        assertThat(document).contains(member);
        assertThat(detached(Optional.of(WEB))
                        .verifyNames(
                                List.of(DidDocument.parse(document.getBytes(StandardCharsets.UTF_8))),
                                Contracting.WHEN))
                .extracting(Finding::reason)
                .isEqualTo(reason.isEmpty() ? List.of() : List.of(reason));
    }

    @Test
    void aKeyForEncryptionSignsNothing() {
        String document = """
            {"id": "did:web:a.b", "assertionMethod": ["#k"], "verificationMethod": [
               {"id": "#k", "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "use": "enc", "x": "%s"}}]}
            """.formatted(Base64Url.encode(Contracting.BUYER.publicKey()));
        assertThat(DidDocument.parse(document.getBytes(StandardCharsets.UTF_8)).key(DidWeb.parse("did:web:a.b#k")))
                .isEmpty();
    }

    @Test
    void aMandateBindsItsCreatorAndNobodyElse() {
        ContractDocument signed = mandated(MANDATE);
        assertThat(reasons(signed)).isEmpty();
        assertThat(signed.verifyByStatedKeys(Deliveries.VERIFIER)).isEmpty();
        assertThat(signed.signatures().getLast().signer()).isEqualTo("coop-1");
        ContractDocument forged = TERMS.sign("curator-11", Contracting.CURATOR, Contracting.WHEN)
                .sign("buyer-7", Contracting.BUYER, Contracting.WHEN)
                .signUnder(MANDATE, Contracting.CURATOR, Contracting.WHEN);
        assertThat(reasons(forged)).containsExactly("contract/signature-wrong-key");
        Mandate curators = Mandate.sign(
                "m-2",
                "curator-11",
                "coop-1",
                Mandate.Reach.any(),
                MANDATE.begins(),
                MANDATE.ends(),
                Contracting.CURATOR);
        ContractDocument sided = Contracting.signed().signUnder(curators, COOP, Contracting.WHEN);
        assertThat(reasons(sided)).containsExactly("contract/mandate-side");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        hn-98765 |            |                           |          | yes
        other    |            |                           |          | no
                 | cnf-123456 |                           |          | yes
                 | cnf-0      |                           |          | no
                 |            | model-training,evaluation |          | yes
                 |            | model-training            |          | no
                 |            |                           | research | no
        """)
    void aMandateReachesOnlyWhatItSays(String dataset, String contract, String uses, String purpose, String reached) {
        Set<Use> permitted = java.util.stream.Stream.ofNullable(uses)
                .flatMap(words -> java.util.Arrays.stream(words.split(",")))
                .map(word -> Use.ofWord(word).orElseThrow())
                .collect(java.util.stream.Collectors.toSet());
        Mandate.Reach reach = new Mandate.Reach(
                dataset == null ? Set.of() : Set.of(dataset),
                contract == null ? Set.of() : Set.of(contract),
                permitted,
                purpose == null ? Set.of() : Set.of(UseTerm.Purpose.RESEARCH));
        assertThat(reasons(mandated(mandate(reach))))
                .isEqualTo(reached.equals("yes") ? List.of() : List.of("contract/mandate-reach"));
    }

    @Test
    void aMandateForResearchReachesAContractForResearch() {
        Mandate research = mandate(new Mandate.Reach(Set.of(), Set.of(), Set.of(), Set.of(UseTerm.Purpose.RESEARCH)));
        ContractDocument terms =
                ContractDocument.parse(Changed.at(Contracting.unsigned(), "terms", "{\"purposes\":[\"research\"]}"));
        ContractDocument signed = terms.sign("curator-11", Contracting.CURATOR, Contracting.WHEN)
                .sign("buyer-7", Contracting.BUYER, Contracting.WHEN)
                .signUnder(research, COOP, Contracting.WHEN);
        assertThat(reasons(signed)).isEmpty();
    }

    @Test
    void noChangeOfAMandateGoesUnseen() {
        Json.Obj mandate = MANDATE.json();
        Seeds.check(300, random -> {
            if (!(Changed.anywhere(mandate, random) instanceof Json.Obj changed)) {
                return;
            }
            try {
                Mandate parsed = Mandate.parse(changed);
                assertThat(parsed.isSigned(Deliveries.VERIFIER) && parsed.key().equals(MANDATE.key()))
                        .as(changed.toString())
                        .isEqualTo(changed.equals(mandate));
            } catch (MalformedException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        });
    }

    @Test
    void noChangeOfADetachedSignatureGoesUnseen() {
        Json.Obj entry = Fields.of(detached(Optional.empty()).json(), "contract")
                .objects("signatures")
                .getFirst()
                .object();
        String compact = Fields.of(entry, "entry").text("jws");
        Seeds.check(500, random -> {
            StringBuilder changed = new StringBuilder(compact);
            changed.setCharAt(random.nextInt(changed.length()), (char) ('!' + random.nextInt(90)));
            try {
                ContractDocument document = ContractDocument.parse(TERMS.json()
                        .with("signatures", Json.array(List.of(entry.with("jws", Json.of(changed.toString()))))));
                boolean holds = document.verifyByStatedKeys(Deliveries.VERIFIER).isEmpty();
                assertThat(holds)
                        .as(changed.toString())
                        .isEqualTo(changed.toString().equals(compact));
            } catch (MalformedException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        });
    }

    @Test
    void aDidDocumentIsReadOrRefusedWhateverItHolds() {
        Json.Obj document = Json.parseObject(didDocument(buyersKey()));
        Seeds.check(500, random -> {
            try {
                String changed = Changed.anywhere(document, random).toString();
                Optional<DidKey> key = DidDocument.parse(changed.getBytes(StandardCharsets.UTF_8))
                        .key(WEB)
                        .map(DidDocument.Key::key);
                assertThat(key.isEmpty() || key.equals(Optional.ofNullable(KEYS.get("buyer-7"))))
                        .as(changed)
                        .isTrue();
            } catch (MalformedException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        });
    }

    @Test
    void anApprovalIsForTheseTermsByThisApprover() {
        Map<String, DidKey> approvers = Map.of("legal", new DidKey(Contracting.BUYER.publicKey()));
        ContractApproval approval = ContractApproval.sign("legal", TERMS, Contracting.BUYER);
        assertThat(approval.verify(TERMS, approvers, Deliveries.VERIFIER)).isEmpty();
        assertThat(ContractApproval.parse(approval.json())).isEqualTo(approval);
        ContractDocument cheaper =
                ContractDocument.parse(Changed.at(Contracting.unsigned(), "pricing.pricePerUnitUsd", "0.004"));
        assertThat(approval.verify(cheaper, approvers, Deliveries.VERIFIER).map(Finding::reason))
                .contains("approval/signature");
        assertThat(approval.verify(TERMS, Map.of(), Deliveries.VERIFIER).map(Finding::reason))
                .contains("approval/unknown-approver");
        assertThat(ContractApproval.sign("legal", TERMS, COOP)
                        .verify(TERMS, approvers, Deliveries.VERIFIER)
                        .map(Finding::reason))
                .contains("approval/wrong-key");
        assertReason(() -> ContractApproval.sign("Legal!", TERMS, COOP), "approval/approver");
        assertReason(
                () -> ContractApproval.parse(approval.json().with("sig", Json.of("0xab"))),
                "approval/signature-malformed");
    }
}
