package org.tallystick.protocol.terms;

import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/** Reads and writes the JSON form of each {@link RiskTerm}. */
final class RiskForm {
    private static final String CAP = "cap";

    private RiskForm() {}

    static RiskTerm.Indemnity indemnity(Fields fields) {
        return new RiskTerm.Indemnity(
                Worded.of(RiskTerm.Warranty.class, fields.text("warranty"), "indemnity", fields.path("warranty")),
                SharedMembers.words(RiskTerm.Side.class, fields, "indemnifiers", "indemnity"),
                SharedMembers.flag(fields, "capped"));
    }

    static Json write(RiskTerm.Indemnity indemnity) {
        Json.Builder out = Json.object().put("warranty", indemnity.warranty().word());
        if (!indemnity.indemnifiers().isEmpty()) {
            out.put("indemnifiers", SharedMembers.words(indemnity.indemnifiers()));
        }
        return out.put("capped", indemnity.capped()).build();
    }

    static RiskTerm.Liability liability(Fields fields) {
        return new RiskTerm.Liability(
                SharedMembers.hasPrice(fields, CAP) ? Optional.of(SharedMembers.price(fields, CAP)) : Optional.empty(),
                fields.optionalNumber("timesFees"),
                SharedMembers.words(RiskTerm.CarveOut.class, fields, "carveOuts", "liability"));
    }

    static Json write(RiskTerm.Liability liability) {
        Json.Builder out = Json.object();
        liability.cap().ifPresent(cap -> SharedMembers.price(out, CAP, cap));
        liability.timesFees().ifPresent(times -> out.put("timesFees", Json.of(times)));
        if (!liability.carveOuts().isEmpty()) {
            out.put("carveOuts", SharedMembers.words(liability.carveOuts()));
        }
        return out.build();
    }

    static RiskTerm.Disputes disputes(Fields fields) {
        return new RiskTerm.Disputes(
                SharedMembers.period(fields, "answer"),
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
                fields.optional("notice").map(ignored -> SharedMembers.period(fields, "notice")),
                SharedMembers.period(fields, "cure"));
    }

    static Json write(RiskTerm.Termination termination) {
        Json.Builder out = Json.object();
        termination.notice().ifPresent(notice -> out.put("notice", notice.toString()));
        return out.put("cure", termination.cure().toString()).build();
    }
}
