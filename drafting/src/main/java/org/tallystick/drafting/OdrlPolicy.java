package org.tallystick.drafting;

import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import org.tallystick.protocol.codec.Json;

/**
 * An ODRL policy with all freedom of spelling taken out, so that two texts that mean the same are equal: one action a
 * rule, names without prefixes or compaction, rules and constraints in no order, duties lifted out of permissions,
 * alternatives of one value each written as one list.
 *
 * @param extensions members of the profile at the policy itself
 */
public record OdrlPolicy(
        String uid,
        Optional<String> target,
        Optional<String> assigner,
        Optional<String> assignee,
        SortedSet<Rule> permissions,
        SortedSet<Rule> prohibitions,
        SortedSet<Rule> obligations,
        SortedMap<String, Json> extensions) {
    /** One rule. */
    public record Rule(String action, SortedSet<Constraint> constraints) implements Comparable<Rule> {
        public Rule {
            Objects.requireNonNull(action);
            Objects.requireNonNull(constraints);
        }

        @Override
        public int compareTo(Rule other) {
            int byAction = action.compareTo(other.action);
            return byAction != 0 ? byAction : constraints.toString().compareTo(other.constraints.toString());
        }
    }

    /**
     * One constraint.
     *
     * @param values canonical JSON of each right operand; one unless the operator takes several
     */
    public record Constraint(String left, String operator, SortedSet<String> values) implements Comparable<Constraint> {
        public Constraint {
            Objects.requireNonNull(left);
            Objects.requireNonNull(operator);
            Objects.requireNonNull(values);
        }

        @Override
        public int compareTo(Constraint other) {
            return toString().compareTo(other.toString());
        }
    }

    public OdrlPolicy {
        Objects.requireNonNull(uid);
        Objects.requireNonNull(target);
        Objects.requireNonNull(assigner);
        Objects.requireNonNull(assignee);
        Objects.requireNonNull(permissions);
        Objects.requireNonNull(prohibitions);
        Objects.requireNonNull(obligations);
        Objects.requireNonNull(extensions);
    }
}
