package org.tallystick.protocol.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.statement.Changed;

/** Who has signed which terms, offline. */
class ContractSigningTest {
    private static final ContractDocument SIGNED = Contracting.signed();

    @Test
    void matchesTheGoldenVectors() {
        Json.Obj signed = Contracting.signed().json();
        List<Json.Obj> cases = new ArrayList<>();
        cases.add(signed(signed));
        cases.add(signed(Contracting.signed(Changed.at(
                        Contracting.unsigned(),
                        "pricing",
                        "{\"model\":\"flat\",\"unit\":\"contract\",\"pricePerUnitEur\":1200}"))
                .json()));
        for (String[] broken : new String[][] {
            {"pricing.pricePerUnitUsd", "-0.005", "contract/price-negative"},
            {"pricing.pricePerUnitUsd", "-", "contract/price-missing"},
            {"pricing.unit", "\"token\"", "contract/unit-unknown"},
            {"payout.split[1].share", "0.19", "contract/split-not-whole"},
            {"payout.split[1].share", "0", "contract/share-range"},
            {"payout.split[1].recipientId", "\"creator-42\"", "contract/recipient-duplicate"},
            {"license.duration", "\"P1H\"", "contract/duration"},
            {"license.permittedUses[0]", "\"training!\"", "contract/use-unknown"},
            {"license.regionRestrictions[0]", "\"XX\"", "contract/region"},
            {"penalty", "\"none\"", "json/unknown-member"}
        }) {
            cases.add(Json.object()
                    .put("contract", Changed.at(signed, broken[0], broken[1]))
                    .put("refused", broken[2])
                    .build());
        }
        cases.add(found(Changed.at(signed, "license.regionRestrictions", "[]"), "contract/signature-wrong"));
        cases.add(found(Changed.at(signed, "signatures[0].sig", "\"0xabc...\""), "contract/signature-malformed"));
        cases.add(found(Changed.at(signed, "signatures[2].key", "-"), "contract/signature-key-missing"));
        cases.add(found(
                Changed.at(signed, "signatures[2].key", "\"" + Contracting.KEYS.get("creator-42") + "\""),
                "contract/signature-wrong-key"));
        cases.add(found(Changed.at(signed, "signatures[0].party", "\"creator-43\""), "contract/party-unknown"));
        cases.add(found(signed.without("signatures"), "contract/signature-missing"));
        cases.add(found(signed.without("buyerId"), "contract/buyer-missing"));
        cases.add(signed(Contracting.signed(FullContract.json()).json()));
        for (String[] broken : new String[][] {
            {
                "pricing.charges[0]",
                "{\"charge\":\"samples\",\"pricePerThousandTokensUsd\":0.02}",
                "contract/price-missing"
            },
            {"pricing.currency", "\"EUR\"", "contract/currencies-mixed"},
            {"terms.exclusivity.window", "\"P3Y\"", "contract/exclusivity"},
            {"terms.sublicensing.resale", "\"allowed\"", "contract/use-contradiction"},
            {"terms.goodwill", "{}", "json/unknown-member"}
        }) {
            cases.add(Json.object()
                    .put("contract", Changed.at(FullContract.json(), broken[0], broken[1]))
                    .put("refused", broken[2])
                    .build());
        }
        Vectors.matches(
                "contract.json",
                "Data contracts: canonical bytes, hash and signatures; broken ones with the reason of the form check"
                        + " (refused) or of verification (finding), the keys being those of the first case",
                cases);
    }

    private static Json.Obj signed(Json.Obj contract) {
        ContractDocument document = ContractDocument.parse(contract);
        Json.Builder keys = Json.object();
        Contracting.KEYS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> keys.put(e.getKey(), e.getValue().toString()));
        return Json.object()
                .put("contract", contract)
                .put("signing_bytes", new String(document.signingBytes(), StandardCharsets.UTF_8))
                .put("hash", document.hash().hex())
                .put("keys", keys.build())
                .build();
    }

    private static Json.Obj found(Json.Obj contract, String reason) {
        return Json.object().put("contract", contract).put("finding", reason).build();
    }

    /** Those of the first release too: what was signed then goes on being valid. */
    @ParameterizedTest
    @ValueSource(strings = {"contract.json", "released-0.1.0/contract.json"})
    void theVectorsAreReadAsTheySay(String file) {
        List<Fields> cases = Vectors.cases(file);
        Map<String, DidKey> keys = new HashMap<>();
        cases.getFirst()
                .fields("keys")
                .object()
                .members()
                .forEach((party, key) -> keys.put(party, DidKey.parse(((Json.Str) key).value())));
        for (Fields vector : cases) {
            Json.Obj contract = vector.fields("contract").object();
            Optional<String> refused = vector.optionalText("refused");
            Optional<String> finding = vector.optionalText("finding");
            if (refused.isPresent()) {
                ContractFormTest.assertReason(() -> ContractDocument.parse(contract), refused.get());
                continue;
            }
            ContractDocument document = ContractDocument.parse(contract);
            List<Finding> findings = document.verify(Contracting.REQUIRED, keys, Deliveries.VERIFIER);
            if (finding.isPresent()) {
                assertThat(findings).extracting(Finding::reason).contains(finding.get());
            } else {
                assertThat(findings).isEmpty();
                assertThat(new String(document.signingBytes(), StandardCharsets.UTF_8))
                        .isEqualTo(vector.text("signing_bytes"));
                assertThat(document.hash().hex()).isEqualTo(vector.text("hash"));
            }
        }
    }

    @Test
    void partiesSignInAnyOrderAndTheTermsStayTheSame() {
        ContractDocument one = Contracting.signed();
        ContractDocument other = ContractDocument.parse(Contracting.unsigned())
                .sign("buyer-7", Contracting.BUYER, Contracting.WHEN)
                .sign("curator-11", Contracting.CURATOR, Contracting.WHEN)
                .sign("creator-42", Contracting.CREATOR, Contracting.WHEN);
        assertThat(other.signingBytes()).isEqualTo(one.signingBytes());
        assertThat(other.hash()).isEqualTo(one.hash());
        assertThat(verify(one)).isEmpty();
        assertThat(verify(other)).isEmpty();
        assertThat(one.verifyByStatedKeys(Deliveries.VERIFIER)).isEmpty();
    }

    @Test
    void signingAgainReplacesTheSignature() {
        ContractDocument again = Contracting.signed().sign("buyer-7", Contracting.CREATOR, Contracting.WHEN);
        assertThat(again.signatures()).hasSize(3);
        assertThat(verify(again)).extracting(Finding::reason).containsExactly("contract/signature-wrong-key");
        assertThat(verify(again.sign("buyer-7", Contracting.BUYER, Contracting.WHEN)))
                .isEmpty();
    }

    @Test
    void everyMissingPartyIsNamed() {
        ContractDocument unsigned = ContractDocument.parse(Contracting.unsigned());
        assertThat(unsigned.verify(Set.of("creator-42"), Contracting.KEYS, Deliveries.VERIFIER))
                .extracting(Finding::reason, Finding::subject)
                .containsExactly(
                        tuple("contract/signature-missing", "buyer-7"),
                        tuple("contract/signature-missing", "curator-11"),
                        tuple("contract/signature-missing", "creator-42"));
    }

    @Test
    void aSignatureIsWorthNothingUnderOtherTermsOrInAnothersName() {
        ContractDocument signed = Contracting.signed();
        Json.Obj cheaper = Changed.at(signed.json(), "pricing.pricePerUnitUsd", "0.004");
        assertThat(verify(ContractDocument.parse(cheaper)))
                .hasSize(3)
                .allMatch(f -> f.reason().equals("contract/signature-wrong"));
        Json.Obj renamed = Changed.at(signed.json(), "contractId", "\"cnf-123457\"");
        assertThat(verify(ContractDocument.parse(renamed))).hasSize(3);
        Json.Obj swapped = Changed.at(
                signed.json(),
                "signatures[0].sig",
                "\"" + signed.signatures().get(1).text() + "\"");
        assertThat(verify(ContractDocument.parse(swapped)))
                .extracting(Finding::reason, Finding::subject)
                .containsExactly(tuple("contract/signature-wrong", "creator-42"));
    }

    @Test
    void noChangeOfSignedTermsGoesUnseen() {
        Json.Obj signed = SIGNED.json();
        byte[] terms = SIGNED.signingBytes();
        Seeds.check(300, random -> {
            if (!(Changed.anywhere(signed, random) instanceof Json.Obj changed)) {
                return;
            }
            try {
                ContractDocument contract = ContractDocument.parse(changed);
                boolean sameTerms = Arrays.equals(contract.signingBytes(), terms);
                boolean sameSignatures = contract.signatures().equals(SIGNED.signatures());
                assertThat(verify(contract).isEmpty())
                        .as(changed.toString())
                        .isEqualTo(sameTerms && (sameSignatures || onlyTimesDiffer(contract)));
            } catch (MalformedException e) {
                assertThat(e.reason()).isNotEmpty();
            }
        });
    }

    private static boolean onlyTimesDiffer(ContractDocument contract) {
        List<ContractSignature> sound = SIGNED.signatures();
        List<ContractSignature> found = contract.signatures();
        return found.size() == sound.size()
                && found.stream()
                        .allMatch(f -> sound.stream()
                                .anyMatch(s -> s.party().equals(f.party())
                                        && s.key().equals(f.key())
                                        && s.text().equals(f.text())));
    }

    private static List<Finding> verify(ContractDocument contract) {
        return contract.verify(Contracting.REQUIRED, Contracting.KEYS, Deliveries.VERIFIER);
    }
}
