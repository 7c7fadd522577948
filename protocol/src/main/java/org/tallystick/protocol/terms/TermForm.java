package org.tallystick.protocol.terms;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/**
 * The JSON form of one kind of term in member {@code terms}: its name, its reader and its writer. The terms that the
 * first contracts already had ({@code license}, {@code pricing}, {@code payout}) have members of their own, outside
 * {@code terms}.
 *
 * @param member its name in {@code terms}
 * @param kind the type of the term
 */
record TermForm<T extends Term>(String member, Class<T> kind, Function<Fields, T> read, Function<T, Json> write) {
    /** Every kind that stands in {@code terms}, in the order in which it is written. */
    static final List<TermForm<?>> ALL = List.of(
            new TermForm<>("renewal", UseTerm.Renewal.class, UseForm::renewal, UseForm::write),
            new TermForm<>("exclusivity", UseTerm.Exclusivity.class, UseForm::exclusivity, UseForm::write),
            new TermForm<>("sublicensing", UseTerm.Sublicensing.class, UseForm::sublicensing, UseForm::write),
            new TermForm<>("derivatives", UseTerm.Derivatives.class, UseForm::derivatives, UseForm::write),
            new TermForm<>("exposure", UseTerm.Exposure.class, UseForm::exposure, UseForm::write),
            new TermForm<>("attribution", CareTerm.Attribution.class, CareForm::attribution, CareForm::write),
            new TermForm<>("reporting", CareTerm.Reporting.class, CareForm::reporting, CareForm::write),
            new TermForm<>("audit", CareTerm.Audit.class, CareForm::audit, CareForm::write),
            new TermForm<>("outputReview", CareTerm.OutputReview.class, CareForm::outputReview, CareForm::write),
            new TermForm<>("surplus", CareTerm.Surplus.class, CareForm::surplus, CareForm::write),
            new TermForm<>("retention", CareTerm.Retention.class, CareForm::retention, CareForm::write),
            new TermForm<>("deletion", CareTerm.Deletion.class, CareForm::deletion, CareForm::write),
            new TermForm<>("privacy", CareTerm.Privacy.class, CareForm::privacy, CareForm::write),
            new TermForm<>("security", CareTerm.Security.class, CareForm::security, CareForm::write),
            new TermForm<>("indemnity", RiskTerm.Indemnity.class, RiskForm::indemnity, RiskForm::write),
            new TermForm<>("liability", RiskTerm.Liability.class, RiskForm::liability, RiskForm::write),
            new TermForm<>("disputes", RiskTerm.Disputes.class, RiskForm::disputes, RiskForm::write),
            new TermForm<>("termination", RiskTerm.Termination.class, RiskForm::termination, RiskForm::write));

    private static final String PURPOSES = "purposes";

    /** Reads all members of {@code terms} except {@code purposes}, which is part of the grant. */
    static List<Term> readAll(Fields terms) {
        List<Term> all = new ArrayList<>();
        for (TermForm<?> form : ALL) {
            terms.optionalFields(form.member).ifPresent(fields -> {
                all.add(form.read.apply(fields));
                fields.noOthers();
            });
        }
        return all;
    }

    static Set<UseTerm.Purpose> purposes(Fields terms) {
        return SharedMembers.words(UseTerm.Purpose.class, terms, PURPOSES, "purposes");
    }

    /** Writes member {@code terms}; empty where no term would stand in it. */
    static Optional<Json.Obj> write(ContractTerms terms) {
        Json.Builder out = Json.object();
        Set<UseTerm.Purpose> purposes = terms.get(UseTerm.Grant.class).purposes();
        if (!purposes.isEmpty()) {
            out.put(PURPOSES, SharedMembers.words(purposes));
        }
        for (TermForm<?> form : ALL) {
            put(out, form, terms);
        }
        Json.Obj object = out.build();
        return object.members().isEmpty() ? Optional.empty() : Optional.of(object);
    }

    private static <T extends Term> void put(Json.Builder out, TermForm<T> form, ContractTerms terms) {
        terms.find(form.kind).ifPresent(term -> out.put(form.member, form.write.apply(term)));
    }
}
