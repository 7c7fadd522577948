package org.tallystick.platform.api.handlers;

import java.util.Optional;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.settlement.Close;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.platform.settlement.closing.StoredInvoice;
import org.tallystick.platform.settlement.closing.StoredStatement;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/** Handlers about escrow, closes, statements and invoices. */
public final class SettlementActions {
    private static final String STATEMENT_TYPE = "application/vnd.tallystick.statement+json";
    private static final String INVOICE_TYPE = "application/vnd.tallystick.invoice+json";

    private final Settlement settlement;

    public SettlementActions(Settlement settlement) {
        this.settlement = settlement;
    }

    public void bind(Routes routes) {
        routes.bind("fundEscrow", this::fund)
                .bind("grantCredit", this::grantCredit)
                .bind("closePeriod", this::close)
                .bind("setAside", this::setAside)
                .bind("statements", this::statements)
                .bind("statement", this::statement)
                .bind("statementFile", this::file)
                .bind("invoices", this::invoices)
                .bind("invoice", this::invoice)
                .bind("invoiceFile", this::invoiceFile);
    }

    private Answer fund(Call call) {
        ContractId contract = call.contractInPath();
        Fields body = call.json("funding");
        Money amount = Shapes.money(body.fields("amount"));
        String reference = body.text("reference", 128);
        body.noOthers();
        return Shapes.created(
                settlement.fundEscrow(call.principal(), contract, amount, reference),
                funding -> Json.object()
                        .put("contract_id", funding.contract().value())
                        .put("reference", funding.reference())
                        .put("funded", Shapes.money(funding.funded()))
                        .put("balance", Shapes.money(funding.balance()))
                        .build());
    }

    private Answer grantCredit(Call call) {
        ContractId contract = call.contractInPath();
        Fields body = call.json("credit");
        Money limit = Shapes.money(body.fields("limit"));
        body.noOthers();
        return Shapes.created(
                settlement.grantCredit(call.principal(), contract, limit),
                granted -> Json.object()
                        .put("contract_id", contract.value())
                        .put("limit", Shapes.money(granted))
                        .build());
    }

    private Answer close(Call call) {
        Fields body = call.json("close");
        Period period = new Period(body.text("period"), body.instant("from"), body.instant("to"));
        body.noOthers();
        return Shapes.created(settlement.close(period), SettlementActions::shape);
    }

    private Answer setAside(Call call) {
        return Answer.ok(Json.object()
                .put(
                        "items",
                        Json.array(settlement.setAside().stream()
                                .map(contract -> Json.object()
                                        .put("contract_id", contract.contract().value())
                                        .put("reason", contract.reason())
                                        .put("finding", contract.words())
                                        .build())
                                .toList()))
                .build());
    }

    private static Json.Obj shape(Close close) {
        return Json.object()
                .put("period", close.period().id())
                .put("from", close.period().from())
                .put("to", close.period().to())
                .put("position", close.position())
                .put("root", close.root().hex())
                .put("statements", Json.strings(close.statements()))
                .put("invoices", Json.strings(close.invoices()))
                .build();
    }

    private Answer statements(Call call) {
        Optional<PartyId> asked = call.query("party", PartyId::new);
        return Answer.ok(Shapes.page(
                settlement.statements(own(call, asked, "party"), period(call), call.cursor(), call.limit()),
                statement -> Json.object()
                        .put("id", statement.id())
                        .put("party_id", statement.party().value())
                        .put("period", statement.period())
                        .put("total", Shapes.money(statement.total()))
                        .build()));
    }

    private Answer statement(Call call) {
        return Answer.ok(visible(call).statement().json());
    }

    private Answer file(Call call) {
        return file(visible(call).id(), STATEMENT_TYPE);
    }

    private Answer invoiceFile(Call call) {
        return file(own(call).id(), INVOICE_TYPE);
    }

    /** A paper with its evidence; what is refused is refused before the first byte. */
    private Answer file(String id, String type) {
        settlement.checkFile(id).orThrow();
        return Answer.prepared(type, out -> settlement.export(id, out).orThrow())
                .header("Content-Disposition", "attachment; filename=\"" + id + ".json\"");
    }

    private StoredStatement visible(Call call) {
        String id = call.path("statement");
        return settlement
                .statement(id)
                .filter(found -> call.seesAll() || found.party().equals(call.party()))
                .orElseThrow(
                        () -> Refusals.unknown("statement", Fields.shown(id)).asException());
    }

    private Answer invoices(Call call) {
        Optional<PartyId> buyer = call.seesAll() ? Optional.empty() : Optional.of(call.party());
        return Answer.ok(Shapes.page(
                settlement.invoices(
                        buyer, call.query("contract_id", ContractId::new), period(call), call.cursor(), call.limit()),
                invoice -> Json.object()
                        .put("id", invoice.id())
                        .put("buyer_id", invoice.buyer().value())
                        .put("contract_id", invoice.contract().value())
                        .put("period", invoice.period())
                        .put("total", Shapes.money(invoice.total()))
                        .build()));
    }

    private Answer invoice(Call call) {
        return Answer.ok(own(call).document());
    }

    private StoredInvoice own(Call call) {
        String id = call.path("invoice");
        return settlement
                .invoice(id)
                .filter(invoice -> call.seesAll() || invoice.buyer().equals(call.party()))
                .orElseThrow(() -> Refusals.unknown("invoice", Fields.shown(id)).asException());
    }

    private static Optional<String> period(Call call) {
        return call.query("period", text -> {
            if (text.isEmpty() || text.length() > 64) {
                throw new MalformedException("http/period", "a period's id has 1 to 64 characters");
            }
            return text;
        });
    }

    /** Everybody but operators and auditors is shown its own, whatever it asks for. */
    static Optional<PartyId> own(Call call, Optional<PartyId> asked, String what) {
        if (call.seesAll()) {
            return asked;
        }
        if (asked.isPresent() && !asked.get().equals(call.party())) {
            throw Refusals.unknown(what, asked.get()).asException();
        }
        return Optional.of(call.party());
    }
}
