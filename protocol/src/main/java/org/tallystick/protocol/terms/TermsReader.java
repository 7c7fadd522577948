package org.tallystick.protocol.terms;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;

/**
 * Collects the terms of a document from the several members they stand in, so that no other code needs to know where.
 */
final class TermsReader {
    private TermsReader() {}

    static ContractTerms read(
            ContractLicense license,
            Compensation compensation,
            BigDecimal fee,
            ContractPayout payout,
            Optional<Fields> more) {
        Set<UseTerm.Purpose> purposes = more.map(TermForm::purposes).orElse(Set.of());
        List<Term> terms = new ArrayList<>();
        terms.add(new UseTerm.Grant(license.type(), license.permitted(), purposes));
        if (!license.forbidden().isEmpty()) {
            terms.add(new UseTerm.Forbidden(List.copyOf(license.forbidden())));
        }
        terms.add(new UseTerm.Duration(license.duration()));
        if (!license.regions().isEmpty()) {
            terms.add(new UseTerm.Regions(license.regions()));
        }
        license.minimumGrade().ifPresent(least -> terms.add(new UseTerm.Proof(least)));
        terms.add(new PayTerm.Price(compensation));
        if (fee.signum() > 0) {
            terms.add(new PayTerm.Fee(fee));
        }
        terms.add(new PayTerm.Splits(payout.splits()));
        terms.add(new PayTerm.Payout(payout.schedule(), payout.window()));
        payout.escrowProvider().ifPresent(provider -> terms.add(new PayTerm.Escrow(provider)));
        more.ifPresent(fields -> {
            terms.addAll(TermForm.readAll(fields));
            fields.noOthers();
        });
        return ContractTerms.of(terms);
    }
}
