package org.tallystick.protocol.terms;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.JdkEd25519;

/** The contract outside clients already send: well-formed as it stands, and precisely not authentic. */
class ContractSampleTest {
    static final String SAMPLE = """
            {
              "@context": "https://schema.org/",
              "@type": "DataContract",
              "contractId": "cnf-123456",
              "datasetId": "hn-98765",
              "license": {
                "type": "restricted-training",
                "permittedUses": ["model-training", "evaluation"],
                "forbiddenUses": ["model-weight-distribution", "derivative-commercialization-without-royalty"],
                "duration": "P1Y",
                "regionRestrictions": ["EU"]
              },
              "pricing": {
                "model": "micropay",
                "unit": "sample",
                "pricePerUnitUsd": 0.005
              },
              "payout": {
                "type": "monthly-reconciliation",
                "escrowProvider": "cloudflare-escrow-v1",
                "split": [
                  {"recipientId": "creator-42", "share": 0.80},
                  {"recipientId": "curator-11", "share": 0.20}
                ]
              },
              "signatures": [
                {"party": "creator-42", "sig": "0xabc...", "timestamp": "2026-01-05T12:34:56Z"}
              ]
            }
            """;

    private final ContractDocument contract = ContractDocument.parse(SAMPLE.getBytes(StandardCharsets.UTF_8));

    @Test
    void itsTermsAreUnderstood() {
        assertThat(contract.id()).isEqualTo("cnf-123456");
        assertThat(contract.dataset()).isEqualTo("hn-98765");
        assertThat(contract.license().permitted()).containsExactlyInAnyOrder(Use.MODEL_TRAINING, Use.EVALUATION);
        assertThat(contract.license().scopes()).containsExactly(Scope.TRAINING);
        assertThat(contract.license().duration()).isEqualTo(Period.ofYears(1));
        assertThat(contract.license().regions()).containsExactly("EU");
        assertThat(contract.pricing())
                .isEqualTo(
                        new Pricing.Micropay(Pricing.Unit.SAMPLE, new Pricing.Price("USD", new BigDecimal("0.005"))));
        assertThat(contract.platformFeeShare()).isEqualByComparingTo("0");
        assertThat(contract.payout().schedule()).isEqualTo(ContractPayout.Schedule.MONTHLY);
        assertThat(contract.payout().splits())
                .containsExactly(
                        new ContractPayout.Split("creator-42", new BigDecimal("0.8")),
                        new ContractPayout.Split("curator-11", new BigDecimal("0.2")));
    }

    @Test
    void verificationSaysWhyItBindsNobody() {
        List<Finding> findings = contract.verify(Set.of(), Map.of(), JdkEd25519.verifier());
        assertThat(findings)
                .extracting(Finding::reason)
                .containsExactly(
                        "contract/buyer-missing",
                        "contract/curator-missing",
                        "contract/dataset-version-missing",
                        "contract/signature-malformed");
        assertThat(findings.getLast().detail()).contains("creator-42").contains("0xabc...");
    }
}
