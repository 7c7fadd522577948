package org.tallystick.protocol.terms;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Identifiers;
import org.tallystick.protocol.codec.Json;

/**
 * A contract that nobody has signed yet, as values. Writes the JSON-LD form, which
 * {@link ContractDocument#parse(Json.Obj)} reads back to the same values.
 *
 * @param id the contract's id
 * @param dataset the dataset's id
 * @param datasetVersion root of the version it grants
 * @param buyer party id of who pays
 * @param curator party id of who put the dataset together
 * @param terms everything agreed
 * @param replaces the contract it replaces
 * @param text hashes of the text the parties read
 */
public record ContractDraft(
        String id,
        String dataset,
        Optional<String> buyer,
        Optional<String> curator,
        Optional<Hash> datasetVersion,
        ContractTerms terms,
        Optional<ContractReplacement> replaces,
        Optional<ContractText> text) {
    /** The JSON-LD context that defines the members this project has added to those of the sample contract. */
    public static final String CONTEXT = "https://tallystick.org/contract/v1";

    public ContractDraft {
        Identifiers.check(id, "contract/id", "contractId");
        Identifiers.check(dataset, "contract/dataset", "datasetId");
        buyer.ifPresent(party -> Identifiers.check(party, "contract/party", "buyerId"));
        curator.ifPresent(party -> Identifiers.check(party, "contract/party", "curatorId"));
        Objects.requireNonNull(datasetVersion);
        Objects.requireNonNull(terms);
        Objects.requireNonNull(replaces);
        Objects.requireNonNull(text);
    }

    /** The content of a document, without its signatures. */
    public static ContractDraft of(ContractDocument document) {
        return new ContractDraft(
                document.id(),
                document.dataset(),
                document.buyer(),
                document.curator(),
                document.datasetVersion(),
                document.terms(),
                document.replaces(),
                document.text());
    }

    /** The same contract with other terms and without a text, because nobody has read these terms yet. */
    public ContractDraft with(ContractTerms other) {
        return new ContractDraft(id, dataset, buyer, curator, datasetVersion, other, replaces, Optional.empty());
    }

    /** The same contract with the hashes of the text the parties read. */
    public ContractDraft with(ContractText words) {
        return new ContractDraft(id, dataset, buyer, curator, datasetVersion, terms, replaces, Optional.of(words));
    }

    /** The same contract under another id. */
    public ContractDraft withId(String other) {
        return new ContractDraft(other, dataset, buyer, curator, datasetVersion, terms, replaces, text);
    }

    /** The document, without signatures. */
    public ContractDocument document() {
        return ContractDocument.parse(json());
    }

    /** The JSON-LD form. */
    public Json.Obj json() {
        Json.Builder out = Json.object()
                .put("@context", Json.strings(List.of("https://schema.org/", CONTEXT)))
                .put("@type", "DataContract")
                .put("contractId", id)
                .put("datasetId", dataset)
                .putIfPresent("datasetVersion", datasetVersion.map(Hash::hex))
                .putIfPresent("buyerId", buyer)
                .putIfPresent("curatorId", curator);
        replaces.ifPresent(old -> out.put("replaces", old.json()));
        out.put("license", license()).put("pricing", pricing());
        terms.find(PayTerm.Fee.class).ifPresent(fee -> out.put("platformFeeShare", Json.of(fee.share())));
        out.put("payout", payout());
        TermForm.write(terms).ifPresent(more -> out.put("terms", more));
        text.ifPresent(words -> out.put("text", words.json()));
        return out.build();
    }

    private Json.Obj license() {
        UseTerm.Grant grant = terms.get(UseTerm.Grant.class);
        Json.Builder out = Json.object()
                .put("type", grant.licence())
                .put(
                        "permittedUses",
                        Json.strings(
                                grant.uses().stream().sorted().map(Use::word).toList()));
        terms.find(UseTerm.Forbidden.class)
                .ifPresent(forbidden -> out.put("forbiddenUses", Json.strings(forbidden.acts())));
        out.put("duration", terms.get(UseTerm.Duration.class).period().toString());
        terms.find(UseTerm.Regions.class)
                .ifPresent(regions -> out.put("regionRestrictions", Json.strings(regions.places())));
        terms.find(UseTerm.Proof.class)
                .ifPresent(proof -> out.put("minimumGrade", proof.least().word()));
        return out.build();
    }

    private Json.Obj pricing() {
        Compensation compensation = terms.compensation();
        Optional<Pricing> simple = compensation.simple();
        if (simple.isEmpty()) {
            return CompensationForm.write(compensation);
        }
        Json.Builder out = Json.object();
        switch (simple.get()) {
            case Pricing.Micropay micropay ->
                out.put("model", "micropay").put("unit", micropay.unit().word());
            case Pricing.Flat ignored -> out.put("model", "flat").put("unit", "contract");
        }
        SharedMembers.price(out, "pricePerUnit", simple.get().price());
        return out.build();
    }

    private Json.Obj payout() {
        PayTerm.Payout payout = terms.get(PayTerm.Payout.class);
        Json.Builder out = Json.object().put("type", payout.schedule().word());
        terms.find(PayTerm.Escrow.class).ifPresent(escrow -> out.put("escrowProvider", escrow.provider()));
        out.put(
                "split",
                Json.array(terms.get(PayTerm.Splits.class).shares().stream()
                        .map(split -> Json.object()
                                .put("recipientId", split.recipient())
                                .put("share", Json.of(split.share()))
                                .build())
                        .toList()));
        payout.window().ifPresent(window -> out.put("window", window.toString()));
        return out.build();
    }
}
