package org.tallystick.platform.api.handlers;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Refusals;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Page;
import org.tallystick.platform.ledger.Account;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.ledger.TrialBalance;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/** Handlers that show accounts of the ledger and their trial balance. */
public final class LedgerActions {
    private static final Pattern NAME = Pattern.compile("([a-z]+):([A-Za-z0-9][A-Za-z0-9:._-]{0,63})");

    private final Ledger ledger;
    private final Database database;
    private final Ownership ownership;

    public LedgerActions(Ledger ledger, Database database, Ownership ownership) {
        this.ledger = ledger;
        this.database = database;
        this.ownership = ownership;
    }

    public void bind(Routes routes) {
        routes.bind("account", this::account).bind("trialBalance", this::trialBalance);
    }

    private Answer account(Call call) {
        Matcher name = call.path("account", LedgerActions::name);
        Account found = database.read(tx -> Optional.of(name)
                        .filter(parsed -> sees(tx, call, parsed.group(1), parsed.group(2)))
                        .flatMap(parsed -> ledger.account(tx, parsed.group())))
                .orElseThrow(() -> Refusals.unknown("account", name.group()).asException());
        return Answer.ok(shape(found));
    }

    private static Matcher name(String text) {
        Matcher matcher = NAME.matcher(text);
        if (!matcher.matches()) {
            throw new MalformedException("account/malformed-name", Fields.shown(text) + " is not an account's name");
        }
        return matcher;
    }

    private boolean sees(Handle tx, Call call, String kind, String owner) {
        if (call.seesAll()) {
            return true;
        }
        return switch (kind) {
            case "payable" -> owner.equals(call.party().value());
            case "escrow", "receivable" ->
                call.principal().role() == Role.BUYER
                        && ownership
                                .contract(tx, call.principal(), new ContractId(owner))
                                .filter(contract -> contract.buyer().equals(call.party()))
                                .isPresent();
            default -> false;
        };
    }

    private static Json.Obj shape(Account account) {
        return Json.object()
                .put("account", account.name())
                .put("balances", Json.array(List.of(Shapes.money(account.balance()))))
                .build();
    }

    /** A page of the accounts; that debits equal credits is said of all accounts. */
    private Answer trialBalance(Call call) {
        return database.read(tx -> {
            Page<Account> page = ledger.accounts(tx, "", call.cursor(), call.limit());
            return Answer.ok(Json.object()
                    .put(
                            "accounts",
                            Json.array(page.items().stream()
                                    .map(LedgerActions::shape)
                                    .toList()))
                    .put("balanced", ledger.trialBalance(tx).stream().allMatch(TrialBalance::isBalanced))
                    .putIfPresent("next", page.next())
                    .build());
        });
    }
}
