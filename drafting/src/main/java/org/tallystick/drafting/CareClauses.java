package org.tallystick.drafting;

import java.time.Period;
import org.tallystick.protocol.terms.CareTerm;

/** The clauses on what the buyer owes the works and the people behind them beside money. */
final class CareClauses {
    private CareClauses() {}

    static Clause of(CareTerm term) {
        return switch (term) {
            case CareTerm.Attribution attribution ->
                new ClauseWriter("attribution", "Credit", attribution)
                        .say("The buyer gives credit with the line \"" + attribution.line() + "\" in "
                                + English.and(UseClauses.sorted(attribution.places())) + " of every model and product"
                                + " made from the works.")
                        .duty(
                                "credit",
                                Owner.BUYER,
                                "publishes the credit and shows where",
                                new Due.Upon("the release of a model or product", attribution.within()))
                        .done();
            case CareTerm.Reporting reporting -> reporting(reporting);
            case CareTerm.Audit audit -> audit(audit);
            case CareTerm.OutputReview review ->
                new ClauseWriter("output-review", "Review of what models put out", review)
                        .say("The buyer draws " + English.number(review.samples())
                                + " answers at random from each model in use and compares them with the works.")
                        .duty(
                                "review",
                                Owner.BUYER,
                                "reviews the sample and reports what it found",
                                new Due.Every(review.every(), Period.ofDays(30), false))
                        .duty(
                                "remedy",
                                Owner.BUYER,
                                "mends what was found, by filter, training or payment",
                                new Due.Upon("such a finding", review.remedy()))
                        .done();
            case CareTerm.Surplus surplus -> surplus(surplus);
            case CareTerm.Retention retention ->
                new ClauseWriter("retention", "Copies and training again", retention)
                        .say("A model may be trained, or trained again, on the works for "
                                + English.period(retention.retraining()) + " from the acceptance of this contract.")
                        .say("Copies of the works may be kept for " + English.period(retention.copies())
                                + " after its end, for keeping records only.")
                        .keptBy(Enforcer.GATE, "answers no to a training run past that time")
                        .duty("copies", Owner.BUYER, "keeps no copy any longer", new Due.AfterEnd(retention.copies()))
                        .done();
            case CareTerm.Deletion deletion -> deletion(deletion);
            case CareTerm.Privacy privacy -> privacy(privacy);
            case CareTerm.Security security -> security(security);
        };
    }

    private static Clause surplus(CareTerm.Surplus surplus) {
        ClauseWriter clause = new ClauseWriter("surplus", "Training without a receipt", surplus)
                .say("When a job is closed, the works that the buyer says it trained on are compared with the"
                        + " receipts.");
        return switch (surplus.consequence()) {
            case FLAGGED ->
                clause.say("A work it trained on without a receipt is shown to its creator and to auditors.")
                        .keptBy(Enforcer.METER, "lists such works for their creators and for auditors")
                        .done();
            case BILLED ->
                clause.say("A work it trained on without a receipt is billed as if it had been delivered in that job.")
                        .keptBy(Enforcer.METER, "counts such works as uses of the job")
                        .done();
        };
    }

    private static Clause reporting(CareTerm.Reporting reporting) {
        ClauseWriter clause = new ClauseWriter("reporting", "Reports", reporting);
        for (CareTerm.Report report : reporting.reports()) {
            String about = switch (report.subject()) {
                case USAGE -> "a usage report: which works it used, in which jobs and for which models";
                case REVENUE -> "a revenue report: what it received for what it made from the works, by product";
                case TRANSPARENCY ->
                    "a transparency report: models released, training carried out, incidents and requests for"
                            + " removal";
                case MODELS -> "a list of its models trained on the works, with their versions and where they run";
            };
            clause.say("The buyer gives, " + English.every(report.every()) + ", " + about + ".")
                    .duty(
                            report.subject().word(),
                            Owner.BUYER,
                            "gives the " + report.subject().word() + " report",
                            new Due.Every(report.every(), report.within(), false));
        }
        return clause.done();
    }

    private static Clause audit(CareTerm.Audit audit) {
        return new ClauseWriter("audit", "Audit", audit)
                .say("Curator and creators may have an independent auditor check the buyer's use of the works and its"
                        + " payments, " + English.times(audit.perYear()) + " a year at most, looking back "
                        + English.period(audit.lookback()) + ".")
                .say("If the auditor finds that more than " + English.percent(audit.costShiftAbove())
                        + " of what was due had not been paid, the buyer bears the cost of the audit; otherwise those"
                        + " who asked for it do. What was missing is paid in any case.")
                .say("Auditors see what they need and keep it to themselves.")
                .duty(
                        "access",
                        Owner.BUYER,
                        "gives the auditor access to records, systems and people",
                        new Due.Upon("notice of an audit", audit.notice()))
                .duty(
                        "settle",
                        Owner.BUYER,
                        "pays what an audit found missing",
                        new Due.Upon("the auditor's report", Period.ofDays(30)))
                .done();
    }

    private static Clause deletion(CareTerm.Deletion deletion) {
        ClauseWriter clause = new ClauseWriter("deletion", "Deletion and withdrawal", deletion)
                .say("When the contract ends, or a creator withdraws a work for a lawful reason, the buyer deletes the"
                        + " works concerned, their copies, and embeddings and features made from them.")
                .say("Models already trained may go on unless agreed otherwise; the duties of this contract remain with"
                        + " them.")
                .duty("end", Owner.BUYER, "deletes the works", new Due.AfterEnd(deletion.within()))
                .duty(
                        "withdrawal",
                        Owner.BUYER,
                        "deletes a withdrawn work",
                        new Due.Upon("notice of its withdrawal", deletion.within()));
        if (deletion.certificate()) {
            clause.say("The buyer signs a deletion certificate that names what was deleted, when and how.")
                    .duty(
                            "certificate",
                            Owner.BUYER,
                            "hands over the signed deletion certificate",
                            new Due.Upon("each deletion", Period.ofDays(10)));
        }
        deletion.remediation()
                .ifPresent(within -> clause.say("For models trained on a withdrawn work the buyer gives a remediation"
                                + " plan: training again, a filter, or compensation, with days.")
                        .duty(
                                "remediation",
                                Owner.BUYER,
                                "gives the remediation plan",
                                new Due.Upon("notice of a withdrawal", within)));
        return clause.done();
    }

    private static Clause privacy(CareTerm.Privacy privacy) {
        String personal = switch (privacy.personal()) {
            case NONE -> "The works hold no personal data; whoever finds some says so at once.";
            case PSEUDONYMISED -> "Personal data in the works has been pseudonymised.";
            case CONSENTED -> "The works hold personal data of people who have consented to the uses granted here.";
        };
        return new ClauseWriter("privacy", "People in the works", privacy)
                .say(personal)
                .sayIf(
                        privacy.noReidentification(),
                        "The buyer shall not try to find out who anyone in the works is, nor let a model do so.")
                .duty(
                        "breach",
                        Owner.BUYER,
                        "tells the curator of a breach of personal data",
                        new Due.Upon("learning of it", privacy.breachNotice()))
                .confirmed(Owner.BUYER)
                .done();
    }

    private static Clause security(CareTerm.Security security) {
        ClauseWriter clause = new ClauseWriter("security", "Security", security)
                .say("The buyer guards the works by " + English.and(security.standards())
                        + " or what replaces them, encrypts them at rest and in transit, and lets only those reach them"
                        + " who need to.")
                .duty(
                        "evidence",
                        Owner.BUYER,
                        "shows its certificate or an equal report",
                        new Due.Every(Period.ofYears(1), Period.ofDays(30), false))
                .duty(
                        "incident",
                        Owner.BUYER,
                        "tells the curator of an incident that touches the works",
                        new Due.Upon("learning of it", security.incidentNotice()));
        security.insurance()
                .ifPresent(sum -> clause.say("The buyer is insured against loss of the works for at least "
                                + English.amount(sum) + ".")
                        .duty("insurance", Owner.BUYER, "shows the insurance", new Due.AfterStart(Period.ofDays(30))));
        return clause.done();
    }
}
