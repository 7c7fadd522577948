package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.List;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.protocol.statement.Statement;

/** Sentences that explain one line of a statement. */
final class LineExplanation {
    private LineExplanation() {}

    static List<String> of(StoredStatement stored, Statement.Line line) {
        Statement statement = stored.statement();
        String works = line.worth().uses() == 1 ? "1 work" : line.worth().uses() + " works";
        String whose =
                line.basis() == Statement.Basis.CREATOR ? "by " + stored.party() : "of the dataset, whoever made them";
        List<String> text = new ArrayList<>();
        text.add(
                switch (line.kind()) {
                    case USAGE ->
                        works + " " + whose + ", used in job " + line.job() + " under contract " + line.contract()
                                + ", scope " + line.scope().word() + ".";
                    case ADJUSTMENT ->
                        works + " " + whose + ", used in an earlier period in job " + line.job() + " under contract "
                                + line.contract() + ", whose receipts came after its close.";
                    case WITHDRAWAL ->
                        works + " " + whose + ", billed earlier in job " + line.job() + " under contract "
                                + line.contract() + ", whose deliveries have all been taken back.";
                    case FLAT ->
                        "The part " + line.worth().uses() + " of "
                                + line.worth().of() + " works of the flat price of contract " + line.contract() + ".";
                });
        String factors = line.kind() == Statement.Kind.FLAT
                ? line.worth().uses() + "/" + line.worth().of() + " of "
                        + line.worth().price().toPlainString()
                : line.worth().uses() + " x " + line.worth().price().toPlainString();
        String fee = line.worth().fee().signum() == 0
                ? ""
                : " x (1 - fee " + line.worth().fee().toPlainString() + ")";
        text.add("Amount: " + factors + " " + statement.currency() + fee + " x share "
                + line.worth().share().toPlainString() + " = " + line.exact() + " " + statement.currency()
                + ", exactly.");
        line.corrects().ifPresent(id -> text.add("It corrects " + id + "."));
        text.add("Period " + statement.period() + ", statement " + stored.id() + ".");
        return text;
    }
}
