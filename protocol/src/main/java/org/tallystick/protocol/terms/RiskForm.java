package org.tallystick.protocol.terms;

import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/** How {@link RiskTerm}s stand in documents. */
final class RiskForm {
    private static final String CAP = "cap";

    private RiskForm() {}

    static RiskTerm.Indemnity indemnity(Fields fields) {
        return new RiskTerm.Indemnity(
                Worded.of(RiskTerm.Warranty.class, fields.text("warranty"), "indemnity", fields.path("warranty")),
                TermForm.words(RiskTerm.Side.class, fields, "indemnifiers", "indemnity"),
                TermForm.flag(fields, "capped"));
    }

    static Json write(RiskTerm.Indemnity indemnity) {
        Json.Builder out = Json.object().put("warranty", indemnity.warranty().word());
        if (!indemnity.indemnifiers().isEmpty()) {
            out.put("indemnifiers", TermForm.words(indemnity.indemnifiers()));
        }
        return out.put("capped", indemnity.capped()).build();
    }

    static RiskTerm.Liability liability(Fields fields) {
        return new RiskTerm.Liability(
                CompensationForm.named(fields, CAP) ? Optional.of(PricingReader.price(fields, CAP)) : Optional.empty(),
                fields.optionalNumber("timesFees"),
                TermForm.words(RiskTerm.CarveOut.class, fields, "carveOuts", "liability"));
    }

    static Json write(RiskTerm.Liability liability) {
        Json.Builder out = Json.object();
        liability.cap().ifPresent(cap -> CompensationForm.price(out, CAP, cap));
        liability.timesFees().ifPresent(times -> out.put("timesFees", Json.of(times)));
        if (!liability.carveOuts().isEmpty()) {
            out.put("carveOuts", TermForm.words(liability.carveOuts()));
        }
        return out.build();
    }

    static RiskTerm.Disputes disputes(Fields fields) {
        return new RiskTerm.Disputes(
                CompensationForm.period(fields, "answer"),
                Worded.of(RiskTerm.Forum.class, fields.text("forum"), "disputes", fields.path("forum")),
                fields.text("law"));
    }

    static Json write(RiskTerm.Disputes disputes) {
        return Json.object()
                .put("answer", disputes.answer().toString())
                .put("forum", disputes.forum().word())
                .put("law", disputes.law())
                .build();
    }

    static RiskTerm.Termination termination(Fields fields) {
        return new RiskTerm.Termination(
                fields.optional("notice").map(ignored -> CompensationForm.period(fields, "notice")),
                CompensationForm.period(fields, "cure"));
    }

    static Json write(RiskTerm.Termination termination) {
        Json.Builder out = Json.object();
        termination.notice().ifPresent(notice -> out.put("notice", notice.toString()));
        return out.put("cure", termination.cure().toString()).build();
    }
}
