package org.tallystick.platform.api.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.api.ApiFixture;
import org.tallystick.sdk.EdgeRegistration;

/**
 * Every cell of endpoint × role × kind of key, over HTTP, against a copy of the table that has to be changed on purpose. A role
 * with + needs an API key that its party asked for itself, one with * a signed request; the others come in with any key.
 */
final class PolicyMatrixTest {
    private static final String EXPECTED = """
        GET   /healthz                             operator creator curator buyer auditor edge anonymous
        GET   /openapi.yaml                        operator creator curator buyer auditor edge anonymous
        GET   /keys                                operator creator curator buyer auditor edge anonymous
        POST  /parties                             operator
        GET   /parties/{party}                     operator creator curator buyer auditor
        GET   /parties/{party}/keys                operator creator curator buyer auditor
        POST  /parties/{party}/keys                operator creator* curator* buyer* auditor
        POST  /parties/{party}/keys/{key}/revoke   operator creator curator buyer auditor
        POST  /parties/{party}/signing-key         creator* curator* buyer*
        GET   /security/events                     operator
        POST  /parties/{party}/erasure             operator creator+ curator+ buyer+ auditor
        PUT   /parties/{party}/profile             operator creator+ curator+ buyer+ auditor
        GET   /parties/{party}/export              operator creator curator buyer auditor
        POST  /words/erasure                       operator creator+ curator+ buyer+ auditor
        POST  /ingest/uploads                      operator creator+ curator+
        HEAD  /ingest/uploads/{upload}             operator creator curator
        PATCH /ingest/uploads/{upload}             operator creator+ curator+
        GET   /manifests/{manifest}                operator creator curator buyer auditor
        POST  /datasets                            creator+ curator+
        GET   /marketplace/datasets                operator creator curator buyer auditor edge anonymous
        GET   /datasets/versions/{root}            operator creator curator buyer auditor edge anonymous
        GET   /datasets/versions/{root}/members    operator creator curator buyer auditor edge
        GET   /blobs/{content}                     operator edge
        GET   /works/{content}/reads               operator creator auditor
        GET   /blobs/{content}/chunks              operator edge
        POST  /contracts/negotiations              operator creator+ curator+ buyer+
        GET   /contracts/{contract}                operator creator curator buyer auditor
        POST  /contracts/{contract}/revoke         operator creator+ curator+ buyer+
        POST  /contracts/{contract}/notices        curator+ buyer+
        POST  /negotiations                        curator+ buyer+
        GET   /negotiations/{negotiation}          operator creator curator buyer auditor
        POST  /negotiations/{negotiation}/offers   curator+ buyer+
        POST  /negotiations/{negotiation}/signatures creator+ curator+ buyer+
        POST  /negotiations/{negotiation}/termination curator+ buyer+
        POST  /negotiations/{negotiation}/approvers buyer+
        POST  /negotiations/{negotiation}/approvals buyer+
        POST  /mandates/{mandate}/revoke           creator+
        GET   /contracts/{contract}/duties         operator creator curator buyer auditor
        GET   /contracts/{contract}/duties.ics     operator creator curator buyer auditor
        GET   /contracts/{contract}/paper          operator creator curator buyer auditor
        GET   /contract-templates                  operator creator curator buyer auditor edge anonymous
        POST  /contract-drafts                     operator creator curator buyer
        POST  /contract-lint                       operator creator curator buyer auditor
        POST  /contract-diff                       operator creator curator buyer auditor
        POST  /contract-prices                     operator creator curator buyer auditor
        GET   /contract/v1/schema.json             operator creator curator buyer auditor edge anonymous
        GET   /contract/v1/context.jsonld          operator creator curator buyer auditor edge anonymous
        POST  /contracts/{contract}/escrow         operator
        POST  /contracts/{contract}/credit         operator
        POST  /jobs                                buyer+
        POST  /jobs/{job}/tokens                   buyer+
        POST  /jobs/{job}/close                    buyer+
        POST  /jobs/{job}/orders                   buyer+
        GET   /jobs/{job}/orders                   buyer
        GET   /orders/{keys}/table                 operator buyer auditor edge
        GET   /jobs/{job}/crosscheck               operator creator curator buyer auditor
        GET   /models/{model}/terms                operator buyer auditor
        POST  /tokens/{token}/revoke               operator buyer+
        POST  /edges                               operator
        POST  /edges/{edge}/certificates           edge
        GET   /edges/{edge}/certificates/{epoch}   operator creator curator buyer auditor edge anonymous
        GET   /edges/{edge}/revocations            operator edge
        GET   /edges/{edge}/refused                operator auditor edge
        POST  /edges/{edge}/revoke                 operator
        POST  /deliveries/batches                  edge
        POST  /usage/events                        buyer+
        GET   /usage/metrics                       operator creator curator buyer auditor
        POST  /training/validate                   operator buyer auditor
        POST  /settlement/closes                   operator
        GET   /settlement/set-aside                operator auditor
        GET   /statements                          operator creator curator auditor
        GET   /statements/{statement}              operator creator curator auditor
        GET   /statements/{statement}/file         operator creator curator auditor
        GET   /invoices                            operator buyer auditor
        GET   /invoices/{invoice}                  operator buyer auditor
        GET   /invoices/{invoice}/file             operator buyer auditor
        POST  /payouts/schedule                    creator+ curator+
        GET   /payouts                             operator creator curator auditor
        GET   /ledger/accounts/{account}           operator creator curator buyer auditor
        GET   /ledger/trial-balance                operator auditor
        GET   /explain/{ref}                       operator creator curator buyer auditor
        GET   /log/checkpoint                      operator creator curator buyer auditor edge anonymous
        GET   /log/tile/entries/{tile}             operator auditor
        GET   /log/entries/{position}/blobs/{content} operator auditor
        GET   /log/tile/{tile}                     operator creator curator buyer auditor edge anonymous
        """;

    private static final Map<String, String> WHO = Map.of(
            "operator", "operator",
            "creator", "ada",
            "curator", "cleo",
            "buyer", "dan",
            "auditor", "fay",
            "edge", "edge",
            "anonymous", "");

    private static final Map<String, String> IDS = Map.ofEntries(
            Map.entry("{party}", "nobody"),
            Map.entry("{key}", "0".repeat(16)),
            Map.entry("{upload}", "nothing"),
            Map.entry("{manifest}", "mf-" + "0".repeat(40)),
            Map.entry("{root}", "0".repeat(64)),
            Map.entry("{content}", "sha256:" + "0".repeat(64)),
            Map.entry("{position}", "999999999"),
            Map.entry("{contract}", "cnf-0"),
            Map.entry("{negotiation}", "ng-0"),
            Map.entry("{mandate}", "mandate-0"),
            Map.entry("{job}", "job-0"),
            Map.entry("{model}", "none"),
            Map.entry("{token}", "A".repeat(32)),
            Map.entry("{edge}", "77"),
            Map.entry("{epoch}", "1"),
            Map.entry("{keys}", "0".repeat(64)),
            Map.entry("{statement}", "st-" + "0".repeat(40)),
            Map.entry("{invoice}", "iv-" + "0".repeat(40)),
            Map.entry("{account}", "payable:nobody"),
            Map.entry("{ref}", "r-77-1-1"),
            Map.entry("{tile}", "0/000.p/255"));

    @TempDir
    Path data;

    private static Map<String, List<String>> expected() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        EXPECTED.lines().forEach(line -> {
            List<String> words = List.of(line.strip().split("\\s+"));
            all.put(words.get(0) + " " + words.get(1), words.subList(2, words.size()));
        });
        return all;
    }

    @Test
    void everyCellIsAsItWasMeant() {
        assertThat(expected().keySet())
                .containsExactlyInAnyOrderElementsOf(Policy.endpoints().values().stream()
                        .map(endpoint -> endpoint.method() + " " + endpoint.path())
                        .toList());
        List<String> wrong = new ArrayList<>();
        try (ApiFixture stage = ApiFixture.open(data).withCast()) {
            EdgeRegistration edge = stage.client("operator").registerEdge("fra-1");
            stage.apiKey("edge", edge.apiKey());
            long before = stage.platform().running().log().size();
            WHO.values().stream()
                    .filter(who -> List.of("ada", "cleo", "dan").contains(who))
                    .forEach(who -> stage.apiKey(who + " of old", stage.keyMadeByTheOperator(who)));
            expected()
                    .forEach((row, roles) -> WHO.forEach((role, who) -> {
                        check(wrong, row + " as " + role, verdict(stage, row, who), meant(roles, role, who, true));
                        if (List.of("creator", "curator", "buyer").contains(role)) {
                            check(
                                    wrong,
                                    row + " as " + role + " with a key the operator made",
                                    verdict(stage, row, who + " of old"),
                                    meant(roles, role, who, false));
                        }
                    }));
            assertThat(stage.platform().running().log().size()).isEqualTo(before);
        }
        assertThat(wrong).isEmpty();
    }

    private static void check(List<String> wrong, String cell, String verdict, String meant) {
        if (!verdict.equals(meant)) {
            wrong.add(cell + ": " + verdict + ", not " + meant);
        }
    }

    private static String meant(List<String> roles, String role, String who, boolean own) {
        if (roles.contains(role) || (own && roles.contains(role + "+"))) {
            return "let in";
        }
        if (roles.contains(role + "+")) {
            return "auth/key-not-own";
        }
        if (roles.contains(role + "*")) {
            return "auth/signature-needed";
        }
        return who.isEmpty() ? "auth/key-missing" : "auth/role-not-allowed";
    }

    /** Whatever changes something in the name of a party that signs is its own act, but for what only computes. */
    @Test
    void whatIsNoReadingNeedsAPartysOwnKey() {
        List<String> computing = List.of(
                "draftContract", "lintContract", "diffContracts", "priceContract", "validateTraining", "revokeKey");
        Policy.endpoints().forEach((operation, endpoint) -> {
            boolean signs = endpoint.callers().stream()
                    .anyMatch(caller -> List.of(Caller.CREATOR, Caller.CURATOR, Caller.BUYER)
                            .contains(caller));
            boolean acts = !List.of("GET", "HEAD").contains(endpoint.method()) && !computing.contains(operation);
            assertThat(endpoint.proof() == Proof.OWN || endpoint.proof() == Proof.SIGNED)
                    .as(operation)
                    .isEqualTo(signs && acts);
        });
    }

    /** Sends what nobody could be granted, so that only the door is tried and nothing can change. */
    private static String verdict(ApiFixture stage, String row, String who) {
        String method = row.substring(0, row.indexOf(' '));
        String path = row.substring(row.indexOf(' ') + 1);
        if (path.startsWith("/log/tile/entries/")) {
            path = path.replace("{tile}", "000.p/255");
        }
        for (Map.Entry<String, String> id : IDS.entrySet()) {
            path = path.replace(id.getKey(), id.getValue());
        }
        boolean reads = method.equals("GET") || method.equals("HEAD");
        ApiFixture.Reply reply = stage.send(
                who,
                method,
                path,
                reads ? Map.of() : Map.of("Content-Type", "application/x-nothing"),
                reads ? "" : "?");
        if (method.equals("HEAD")) {
            return switch (reply.status()) {
                case 401 -> "auth/key-missing";
                case 403 -> "auth/role-not-allowed";
                default -> "let in";
            };
        }
        if (reply.status() != 401 && reply.status() != 403) {
            return "let in";
        }
        return reply.type();
    }
}
