package org.tallystick.protocol.usage;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Salt;

/**
 * A contract's node in a close as a payee is shown it: all of its sets, in each the payee's own works, and the payee's own
 * amount.
 *
 * @param contract contract id
 * @param creators of the dataset version
 * @param works of the dataset version
 * @param sets all sets in which a work is used, in order of job and scope
 * @param payees who are due something, or were
 * @param amount what the payee is due; not in proofs of an omission
 * @param amounts root over what payees are due, where none is opened
 * @param invoice SHA-256 of the contract's invoice
 * @param salt of the node
 */
public record ContractOpening(
        String contract,
        int creators,
        int works,
        List<SetOpening> sets,
        int payees,
        Optional<AmountOpening> amount,
        Optional<Hash> amounts,
        Hash invoice,
        Salt salt) {
    /** @throws MalformedException {@code usage/contract} where a set stands twice, or amounts neither opened nor hashed */
    public ContractOpening {
        Objects.requireNonNull(invoice);
        Objects.requireNonNull(salt);
        sets = List.copyOf(sets);
        Set<Hash> seen = new HashSet<>();
        if (amount.isPresent() == amounts.isPresent() || !sets.stream().allMatch(set -> seen.add(set.set()))) {
            throw new MalformedException(
                    "usage/contract", "a contract shows each set once, and its amounts opened or hashed");
        }
    }

    /** The set with an id; empty where no work of it is used. */
    public Optional<SetOpening> set(Hash id) {
        return sets.stream().filter(set -> set.set().equals(id)).findFirst();
    }

    /**
     * The node this opens.
     *
     * @throws MalformedException {@code proof/index}, {@code proof/length}
     */
    public ContractNode node() {
        return new ContractNode(
                UsageNames.id(UsageNames.contract(contract)),
                ContractNode.sets(
                        sets.stream().map(set -> set.node(creators, works)).toList()),
                sets.size(),
                amounts.isPresent() ? amounts.get() : amount.orElseThrow().root(payees),
                payees,
                invoice,
                salt);
    }

    /** The same without what the payee is due. */
    public ContractOpening withoutAmount() {
        return new ContractOpening(
                contract,
                creators,
                works,
                sets,
                payees,
                Optional.empty(),
                Optional.of(node().amounts()),
                invoice,
                salt);
    }

    public Json.Obj json() {
        Json.Builder json = Json.object()
                .put("contract", contract)
                .put("creators", creators)
                .put("invoice", invoice.hex())
                .put("payees", payees)
                .put("salt", salt.hex())
                .put("sets", Json.array(sets.stream().map(SetOpening::json).toList()))
                .put("works", works);
        amount.ifPresent(opening -> json.put("amount", opening.json()));
        amounts.ifPresent(root -> json.put("amounts", root.hex()));
        return json.build();
    }

    public static ContractOpening of(Fields fields) {
        ContractOpening opening = new ContractOpening(
                fields.text("contract", 64),
                (int) fields.integer("creators", 1, Integer.MAX_VALUE),
                (int) fields.integer("works", 1, Integer.MAX_VALUE),
                fields.objects("sets").stream().map(SetOpening::of).toList(),
                (int) fields.integer("payees", 0, Integer.MAX_VALUE),
                fields.optionalFields("amount").map(AmountOpening::of),
                fields.optionalText("amounts").map(Hash::ofHex),
                Hash.ofHex(fields.text("invoice")),
                new Salt(fields.text("salt")));
        fields.noOthers();
        return opening;
    }
}
