package org.tallystick.platform.api.dispatch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one table of the API: every endpoint, who may call it, what it reads. Nothing else decides by role; {@link Dispatcher}
 * enforces it before anything is read, and the tests hold it to the OpenAPI document and try every cell over HTTP. What a
 * party sees of what its role may call is decided where the thing is found.
 *
 * <p>Columns: operation, method, path, callers (o operator, c creator, k curator, b buyer, a auditor, e edge, - anonymous; after a
 * slash how those of them who sign must show who they are, see {@link Proof}: own with an API key they asked for themselves,
 * sign with a signed request, any with either; without it any API key does), body (kind and most bytes; . none), whether an
 * {@code Idempotency-Key} is honoured (key, or secret where the answer holds one), query parameters.
 */
public final class Policy {
    private static final String TABLE = """
        health            GET   /healthz                             ockbae-  .             .       .
        openapi           GET   /openapi.yaml                        ockbae-  .             .       .
        keys              GET   /keys                                ockbae-  .             .       .

        registerParty     POST  /parties                             o......  json:64K      key     .
        party             GET   /parties/{party}                     ockba../any .             .       .
        apiKeys           GET   /parties/{party}/keys                ockba../any .             .       .
        issueKey          POST  /parties/{party}/keys                ockba../sign json:64K      secret  .
        revokeKey         POST  /parties/{party}/keys/{key}/revoke   ockba../any empty:0       key     .
        changeKey         POST  /parties/{party}/signing-key         .ckb.../sign json:64K      .       .

        eraseParty        POST  /parties/{party}/erasure             ockba../own json:64K      key     .
        renameParty       PUT   /parties/{party}/profile             ockba../own json:64K      .       .
        exportParty       GET   /parties/{party}/export              ockba.. .             .       .
        eraseWords        POST  /words/erasure                       ockba../own json:64K      key     .

        upload            POST  /ingest/uploads                      ock..../own content:64G   .       .
        uploadOffset      HEAD  /ingest/uploads/{upload}             ock....  .             .       .
        appendUpload      PATCH /ingest/uploads/{upload}             ock..../own part:64G      .       .
        manifest          GET   /manifests/{manifest}                ockba..  .             .       format

        publishDataset    POST  /datasets                            .ck..../own json:256M     key     .
        searchDatasets    GET   /marketplace/datasets                ockbae-  .             .       q,license,media_type,creator,curator,limit,cursor
        datasetVersion    GET   /datasets/versions/{root}            ockbae-  .             .       .
        datasetMembers    GET   /datasets/versions/{root}/members    ockbae.  .             .       limit,cursor
        blob              GET   /blobs/{content}                     o....e.  .             .       .
        workReads         GET   /works/{content}/reads               oc..a..  .             .       limit,cursor
        chunks            GET   /blobs/{content}/chunks              o....e.  .             .       .

        negotiate         POST  /contracts/negotiations              ockb.../own contract:8M   key     .
        contract          GET   /contracts/{contract}                ockba..  .             .       .
        revokeContract    POST  /contracts/{contract}/revoke         ockb.../own json:64K      key     .
        noticeContract    POST  /contracts/{contract}/notices        ..kb.../own json:64K      key     .
        openNegotiation   POST  /negotiations                        ..kb.../own json:8M       key     .
        negotiation       GET   /negotiations/{negotiation}          ockba..  .             .       .
        counterOffer      POST  /negotiations/{negotiation}/offers   ..kb.../own json:8M       key     .
        signOffer         POST  /negotiations/{negotiation}/signatures .ckb.../own json:64K      key     .
        breakOff          POST  /negotiations/{negotiation}/termination ..kb.../own json:64K      key     .
        wantApprovals     POST  /negotiations/{negotiation}/approvers ...b.../own json:64K      key     .
        approveOffer      POST  /negotiations/{negotiation}/approvals ...b.../own json:64K      key     .
        revokeMandate     POST  /mandates/{mandate}/revoke           .c...../own empty:0       key     .
        contractDuties    GET   /contracts/{contract}/duties         ockba..  .             .       format
        contractCalendar  GET   /contracts/{contract}/duties.ics     ockba..  .             .       .
        contractPaper     GET   /contracts/{contract}/paper          ockba..  .             .       format
        contractTemplates GET   /contract-templates                  ockbae-  .             .       .
        draftContract     POST  /contract-drafts                     ockb...  json:64K      .       .
        lintContract      POST  /contract-lint                       ockba..  contract:8M   .       .
        diffContracts     POST  /contract-diff                       ockba..  json:16M      .       .
        priceContract     POST  /contract-prices                     ockba..  json:64K      .       .
        contractSchema    GET   /contract/v1/schema.json             ockbae-  .             .       .
        contractContext   GET   /contract/v1/context.jsonld          ockbae-  .             .       .
        fundEscrow        POST  /contracts/{contract}/escrow         o......  json:64K      key     .
        grantCredit       POST  /contracts/{contract}/credit         o......  json:64K      key     .

        openJob           POST  /jobs                                ...b.../own json:64K      key     .
        issueToken        POST  /jobs/{job}/tokens                   ...b.../own json:64K      secret  .
        closeJob          POST  /jobs/{job}/close                    ...b.../own json:256M     key     .
        orderWorks        POST  /jobs/{job}/orders                   ...b.../own json:32M      key     .
        orders            GET   /jobs/{job}/orders                   ...b...  .             .       after,limit
        orderTable        GET   /orders/{keys}/table                 o..bae.  .             .       .
        crossCheck        GET   /jobs/{job}/crosscheck               ockba..  .             .       .
        modelTerms        GET   /models/{model}/terms                o..ba..  .             .       buyer
        revokeToken       POST  /tokens/{token}/revoke               o..b.../own json:64K      key     .

        registerEdge      POST  /edges                               o......  json:64K      secret  .
        certifyEdge       POST  /edges/{edge}/certificates           .....e.  json:64K      key     .
        edgeCertificate   GET   /edges/{edge}/certificates/{epoch}   ockbae-  .             .       .
        revocations       GET   /edges/{edge}/revocations            o....e.  .             .       after
        refusedBatches    GET   /edges/{edge}/refused                o...ae.  .             .       limit,cursor
        revokeEdge        POST  /edges/{edge}/revoke                 o......  json:64K      key     .
        shipBatches       POST  /deliveries/batches                  .....e.  bundle:8M     .       .

        usageEvent        POST  /usage/events                        ...b.../own json:64K      key     .
        usageMetrics      GET   /usage/metrics                       ockba..  .             .       contract_id,from,to,creator,job,scope,detail,limit,cursor
        validateTraining  POST  /training/validate                   o..ba..  json:16M      .       .

        setAside          GET   /settlement/set-aside                o...a..  .             .       .
        closePeriod       POST  /settlement/closes                   o......  json:64K      key     .
        statements        GET   /statements                          ock.a..  .             .       party,period,limit,cursor
        statement         GET   /statements/{statement}              ock.a..  .             .       .
        statementFile     GET   /statements/{statement}/file         ock.a..  .             .       .
        invoices          GET   /invoices                            o..ba..  .             .       contract_id,period,limit,cursor
        invoice           GET   /invoices/{invoice}                  o..ba..  .             .       .
        invoiceFile       GET   /invoices/{invoice}/file             o..ba..  .             .       .
        schedulePayout    POST  /payouts/schedule                    .ck..../own json:64K      key     .
        payouts           GET   /payouts                             ock.a..  .             .       party,limit,cursor
        account           GET   /ledger/accounts/{account}           ockba..  .             .       .
        trialBalance      GET   /ledger/trial-balance                o...a..  .             .       limit,cursor
        securityEvents    GET   /security/events                     o......  .             .       kind,party,limit,cursor

        explain           GET   /explain/{ref}                       ockba..  .             .       .
        checkpoint        GET   /log/checkpoint                      ockbae-  .             .       .
        entries           GET   /log/tile/entries/{tile}             o...a..  .             .       .
        entryBlob         GET   /log/entries/{position}/blobs/{content} o...a.. .           .       .
        tile              GET   /log/tile/{tile}                     ockbae-  .             .       .
        """;

    /** Operations that read much at once, so that a few of them could keep all others from the database. */
    static final Set<String> HEAVY = Set.of(
            "publishDataset",
            "searchDatasets",
            "orderWorks",
            "crossCheck",
            "modelTerms",
            "closeJob",
            "usageMetrics",
            "validateTraining",
            "statementFile",
            "explain",
            "trialBalance",
            "manifest");

    /** Operations about contracts, which have a queue of their own. */
    static final Set<String> CONTRACTING = Set.of(
            "negotiate", "openNegotiation", "counterOffer", "signOffer", "breakOff", "wantApprovals", "approveOffer");

    /** Operations that read their body, or make their answer, while bytes go over the network: they hold no place. */
    static final Set<String> FLOWING = Set.of("upload", "appendUpload", "health");

    private static final Map<String, Endpoint> BY_OPERATION = parse(TABLE);

    private Policy() {}

    /** Every endpoint by its operation, in the order of the table. */
    public static Map<String, Endpoint> endpoints() {
        return BY_OPERATION;
    }

    /** The methods known at a path of a request, in the order of the alphabet; none where nothing is there. */
    public static Set<String> methods(String requestPath) {
        Set<String> methods = new TreeSet<>();
        BY_OPERATION.values().stream()
                .filter(endpoint -> endpoint.matches(requestPath))
                .forEach(endpoint -> methods.addAll(endpoint.methods()));
        return methods;
    }

    public static Map<String, Endpoint> parse(String table) {
        Map<String, Endpoint> all = new LinkedHashMap<>();
        table.lines().filter(line -> !line.isBlank()).map(Endpoint::parse).forEach(endpoint -> {
            if (all.put(endpoint.operation(), endpoint) != null) {
                throw new IllegalArgumentException("operation twice: " + endpoint.operation());
            }
        });
        return java.util.Collections.unmodifiableMap(all);
    }
}
