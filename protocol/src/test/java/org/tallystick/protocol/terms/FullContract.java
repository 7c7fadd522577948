package org.tallystick.protocol.terms;

import java.nio.charset.StandardCharsets;
import org.tallystick.protocol.codec.Json;

/** A contract in which every kind of term stands, for tables that change one place of it. */
public final class FullContract {
    public static final String TEXT = """
        {
          "@context": ["https://schema.org/", "https://tallystick.org/contract/v1"],
          "@type": "DataContract",
          "contractId": "cnf-full",
          "datasetId": "hn-98765",
          "datasetVersion": "5ca4f3850ccc331aaf8a257d6086e526a3b42a63e18cb11d020847985b31d188",
          "buyerId": "buyer-7",
          "curatorId": "curator-11",
          "license": {
            "type": "full-service",
            "permittedUses": ["model-training", "embedding", "inference"],
            "forbiddenUses": ["face-recognition", "resale"],
            "duration": "P2Y",
            "regionRestrictions": ["EU", "US"],
            "minimumGrade": "acknowledged"
          },
          "pricing": {
            "model": "composed",
            "currency": "USD",
            "charges": [
              {"charge": "samples", "tier": "training", "pricePerSampleUsd": 0.005,
               "volume": [{"above": 100000, "pricePerSampleUsd": 0.004}]},
              {"charge": "tokens", "tier": "inference", "pricePerThousandTokensUsd": 0.02},
              {"charge": "inferences", "pricePerInferenceUsd": 0.001, "attributionThreshold": 0.2},
              {"charge": "upfront", "amountUsd": 5000},
              {"charge": "bulk", "milestones": [
                {"name": "delivery", "amountUsd": 1000, "release": "delivery", "within": "P30D"},
                {"name": "release", "amountUsd": 2000, "release": "approval", "within": "P6M"}]},
              {"charge": "subscription", "amountUsd": 500, "every": "P1M", "includesSamples": 1000},
              {"charge": "credits", "amountUsd": 100, "credits": 10000, "valid": "P1Y",
               "costs": [{"unit": "sample", "credits": 1}, {"unit": "thousand-tokens", "credits": 2}]},
              {"charge": "revenue-share", "share": 0.05, "of": "gross-revenue", "aboveUsd": 10000, "every": "P3M"},
              {"charge": "pool", "share": 0.02, "of": "net-revenue", "every": "P3M", "allocation": "attribution"}
            ],
            "bounds": [
              {"bound": "floor", "amountUsd": 100, "every": "P1M"},
              {"bound": "cap", "amountUsd": 1000000},
              {"bound": "minimum-guarantee", "amountUsd": 12000, "every": "P1Y"}
            ],
            "exclusivePremium": 2.5
          },
          "platformFeeShare": 0.05,
          "payout": {
            "type": "monthly-reconciliation",
            "escrowProvider": "tally-escrow",
            "split": [{"recipientId": "creators", "share": 0.8}, {"recipientId": "curator-11", "share": 0.2}],
            "window": "P14D"
          },
          "terms": {
            "purposes": ["research", "commercial-products"],
            "renewal": {"period": "P1Y", "notice": "P30D", "most": 2},
            "exclusivity": {"places": ["DE", "FR"], "verticals": ["news"], "from": "2026-03-01", "window": "P6M",
              "reversion": {"unlessPaidUsd": 20000, "within": "P3M"}},
            "sublicensing": {"sublicense": "with-consent", "resale": "forbidden", "affiliates": true},
            "derivatives": {"commercial": "allowed", "weights": "forbidden", "royalty": 0.02, "sameTerms": true},
            "exposure": {"verbatimTokens": 40, "similarity": 0.85, "action": "block"},
            "attribution": {"line": "Trained on works of Hill News", "places": ["model-card", "website"], "within": "P30D"},
            "reporting": {"reports": [{"subject": "transparency", "every": "P3M", "within": "P30D"},
              {"subject": "revenue", "every": "P3M", "within": "P15D"}]},
            "audit": {"perYear": 2, "notice": "P30D", "lookback": "P2Y", "costShiftAbove": 0.05},
            "outputReview": {"samples": 500, "every": "P3M", "remedy": "P30D"},
            "surplus": {"consequence": "flagged"},
            "retention": {"copies": "P30D", "retraining": "P1Y"},
            "deletion": {"within": "P30D", "certificate": true, "remediation": "P30D"},
            "privacy": {"personal": "pseudonymised", "noReidentification": true, "breachNotice": "P3D"},
            "security": {"standards": ["iso-27001"], "insuranceUsd": 1000000, "incidentNotice": "P2D"},
            "indemnity": {"warranty": "own-content", "indemnifiers": ["licensor", "buyer"], "capped": true},
            "liability": {"timesFees": 1, "carveOuts": ["intent", "data-breach"]},
            "disputes": {"answer": "P30D", "forum": "technical-arbitration", "law": "DE"},
            "termination": {"notice": "P90D", "cure": "P14D"}
          }
        }
        """;

    private FullContract() {}

    public static Json.Obj json() {
        return Json.parseObject(TEXT.getBytes(StandardCharsets.UTF_8));
    }
}
