package org.tallystick.protocol.terms;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;

/** Reads and writes the JSON form of each {@link CareTerm}. */
final class CareForm {
    private static final String INSURANCE = "insurance";

    private CareForm() {}

    static CareTerm.Attribution attribution(Fields fields) {
        return new CareTerm.Attribution(
                fields.text("line"),
                SharedMembers.words(CareTerm.Place.class, fields, "places", "attribution"),
                SharedMembers.period(fields, "within"));
    }

    static Json write(CareTerm.Attribution attribution) {
        return Json.object()
                .put("line", attribution.line())
                .put("places", SharedMembers.words(attribution.places()))
                .put("within", attribution.within().toString())
                .build();
    }

    static CareTerm.Reporting reporting(Fields fields) {
        List<CareTerm.Report> reports = new ArrayList<>();
        for (Fields item : fields.objects("reports")) {
            reports.add(new CareTerm.Report(
                    Worded.of(CareTerm.Subject.class, item.text("subject"), "reporting", item.path("subject")),
                    SharedMembers.period(item, "every"),
                    SharedMembers.period(item, "within")));
            item.noOthers();
        }
        return new CareTerm.Reporting(reports);
    }

    static Json write(CareTerm.Reporting reporting) {
        return Json.object()
                .put(
                        "reports",
                        Json.array(reporting.reports().stream()
                                .map(report -> Json.object()
                                        .put("subject", report.subject().word())
                                        .put("every", report.every().toString())
                                        .put("within", report.within().toString())
                                        .build())
                                .toList()))
                .build();
    }

    static CareTerm.Audit audit(Fields fields) {
        return new CareTerm.Audit(
                (int) fields.integer("perYear", 1, 12),
                SharedMembers.period(fields, "notice"),
                SharedMembers.period(fields, "lookback"),
                fields.number("costShiftAbove"));
    }

    static Json write(CareTerm.Audit audit) {
        return Json.object()
                .put("perYear", audit.perYear())
                .put("notice", audit.notice().toString())
                .put("lookback", audit.lookback().toString())
                .put("costShiftAbove", Json.of(audit.costShiftAbove()))
                .build();
    }

    static CareTerm.OutputReview outputReview(Fields fields) {
        return new CareTerm.OutputReview(
                fields.integer("samples", 1, 1_000_000),
                SharedMembers.period(fields, "every"),
                SharedMembers.period(fields, "remedy"));
    }

    static Json write(CareTerm.OutputReview review) {
        return Json.object()
                .put("samples", review.samples())
                .put("every", review.every().toString())
                .put("remedy", review.remedy().toString())
                .build();
    }

    static CareTerm.Retention retention(Fields fields) {
        return new CareTerm.Retention(
                SharedMembers.period(fields, "copies"), SharedMembers.period(fields, "retraining"));
    }

    static Json write(CareTerm.Retention retention) {
        return Json.object()
                .put("copies", retention.copies().toString())
                .put("retraining", retention.retraining().toString())
                .build();
    }

    static CareTerm.Deletion deletion(Fields fields) {
        return new CareTerm.Deletion(
                SharedMembers.period(fields, "within"),
                SharedMembers.flag(fields, "certificate"),
                fields.optional("remediation").map(ignored -> SharedMembers.period(fields, "remediation")));
    }

    static Json write(CareTerm.Deletion deletion) {
        Json.Builder out =
                Json.object().put("within", deletion.within().toString()).put("certificate", deletion.certificate());
        deletion.remediation().ifPresent(period -> out.put("remediation", period.toString()));
        return out.build();
    }

    static CareTerm.Privacy privacy(Fields fields) {
        return new CareTerm.Privacy(
                Worded.of(CareTerm.Personal.class, fields.text("personal"), "privacy", fields.path("personal")),
                SharedMembers.flag(fields, "noReidentification"),
                SharedMembers.period(fields, "breachNotice"));
    }

    static Json write(CareTerm.Privacy privacy) {
        return Json.object()
                .put("personal", privacy.personal().word())
                .put("noReidentification", privacy.noReidentification())
                .put("breachNotice", privacy.breachNotice().toString())
                .build();
    }

    static CareTerm.Security security(Fields fields) {
        return new CareTerm.Security(
                fields.strings("standards"),
                SharedMembers.hasPrice(fields, INSURANCE)
                        ? Optional.of(SharedMembers.price(fields, INSURANCE))
                        : Optional.empty(),
                SharedMembers.period(fields, "incidentNotice"));
    }

    static Json write(CareTerm.Security security) {
        Json.Builder out = Json.object().put("standards", Json.strings(security.standards()));
        security.insurance().ifPresent(sum -> SharedMembers.price(out, INSURANCE, sum));
        return out.put("incidentNotice", security.incidentNotice().toString()).build();
    }

    static CareTerm.Surplus surplus(Fields fields) {
        return new CareTerm.Surplus(Worded.of(
                CareTerm.Consequence.class, fields.text("consequence"), "surplus", fields.path("consequence")));
    }

    static Json write(CareTerm.Surplus surplus) {
        return Json.object().put("consequence", surplus.consequence().word()).build();
    }
}
