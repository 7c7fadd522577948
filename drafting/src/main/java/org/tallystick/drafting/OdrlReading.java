package org.tallystick.drafting;

import java.time.DateTimeException;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;

/**
 * An ODRL policy as it was read: every member understood, words and order as they were written, so that the contract it
 * came from can be made again byte for byte.
 *
 * @param extensions members of our profile at the policy itself, by name
 */
record OdrlReading(
        String uid,
        Optional<String> target,
        Optional<String> assigner,
        Optional<String> assignee,
        List<Rule> permissions,
        List<Rule> prohibitions,
        List<Rule> obligations,
        Map<String, Json> extensions) {
    /** One rule for one action. */
    record Rule(String action, List<Constraint> constraints) {
        Rule {
            Objects.requireNonNull(action);
            constraints = List.copyOf(constraints);
        }

        OdrlPolicy.Rule normal() {
            TreeSet<OdrlPolicy.Constraint> all = new TreeSet<>();
            constraints.forEach(constraint -> all.add(constraint.normal()));
            return new OdrlPolicy.Rule(action, all);
        }
    }

    /**
     * One constraint.
     *
     * @param values its right operands as they were written; at least one
     */
    record Constraint(String left, String operator, List<Json> values) {
        Constraint {
            Objects.requireNonNull(left);
            Objects.requireNonNull(operator);
            values = List.copyOf(values);
        }

        /** Being any or all of one value is being that value. */
        OdrlPolicy.Constraint normal() {
            TreeSet<String> all = new TreeSet<>();
            values.forEach(value -> all.add(Jcs.text(plain(value))));
            boolean one = all.size() == 1 && (operator.equals("isAnyOf") || operator.equals("isAllOf"));
            return new OdrlPolicy.Constraint(left, one ? "eq" : operator, all);
        }
    }

    OdrlReading {
        Objects.requireNonNull(uid);
        Objects.requireNonNull(target);
        Objects.requireNonNull(assigner);
        Objects.requireNonNull(assignee);
        permissions = List.copyOf(permissions);
        prohibitions = List.copyOf(prohibitions);
        obligations = List.copyOf(obligations);
        Objects.requireNonNull(extensions);
    }

    /** The policy without its spelling, for comparing it with another. */
    OdrlPolicy normal() {
        return new OdrlPolicy(
                uid,
                target,
                assigner,
                assignee,
                normal(permissions),
                normal(prohibitions),
                normal(obligations),
                new TreeMap<>(extensions));
    }

    private static TreeSet<OdrlPolicy.Rule> normal(List<Rule> rules) {
        TreeSet<OdrlPolicy.Rule> all = new TreeSet<>();
        rules.forEach(rule -> all.add(rule.normal()));
        return all;
    }

    /** Names without prefixes; equal periods equal. */
    private static Json plain(Json value) {
        if (!(value instanceof Json.Str text)) {
            return value;
        }
        if (text.value().startsWith("P")) {
            try {
                return Json.of(Period.parse(text.value()).normalized().toString());
            } catch (DateTimeException e) {
                return value; // a word that begins with P
            }
        }
        return Json.of(OdrlText.name(text.value()));
    }
}
