package org.tallystick.drafting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Reads an ODRL 2.2 policy in JSON-LD. Understands every member it meets, or refuses it by name; never takes the first of
 * several things and leaves the rest, because what is left out of a limit makes the contract wider.
 */
final class OdrlReader {
    private static final Set<String> TYPES = Set.of("Policy", "Set", "Offer", "Agreement");
    private static final Set<String> LISTS = Set.of("isAnyOf", "isAllOf", "isNoneOf");
    private static final Set<String> OPERATORS = Set.of(
            "eq", "neq", "lt", "lteq", "gt", "gteq", "isA", "isPartOf", "hasPart", "isAnyOf", "isAllOf", "isNoneOf");
    private static final Set<String> LOGIC = Set.of("and", "or", "xone", "andSequence");
    private static final int MAX_RULES = 2_000;

    /** The three kinds of rules, and what a rule of each may call itself. */
    private enum Kind {
        PERMISSION(Set.of("Permission", "Rule")),
        PROHIBITION(Set.of("Prohibition", "Rule")),
        OBLIGATION(Set.of("Duty", "Obligation", "Rule"));

        private final Set<String> types;

        Kind(Set<String> types) {
            this.types = types;
        }
    }

    private final Map<OdrlPolicy.Rule, OdrlReading.Rule> permissions = new LinkedHashMap<>();
    private final Map<OdrlPolicy.Rule, OdrlReading.Rule> prohibitions = new LinkedHashMap<>();
    private final Map<OdrlPolicy.Rule, OdrlReading.Rule> obligations = new LinkedHashMap<>();
    private final TreeMap<String, Json> extensions = new TreeMap<>();
    private final TreeMap<String, String> facts = new TreeMap<>();
    private final List<Map.Entry<String, String>> repeated = new ArrayList<>();
    private boolean untargeted;

    private OdrlReader() {}

    static OdrlReading of(Json.Obj policy) {
        return new OdrlReader().policy(policy);
    }

    private OdrlReading policy(Json.Obj policy) {
        Map<String, Json> members = OdrlText.members(policy, "policy");
        boolean targeted = members.containsKey("target");
        for (var member : members.entrySet()) {
            Json value = member.getValue();
            switch (member.getKey()) {
                case "@context" -> OdrlText.context(value);
                case "profile" -> profile(value);
                case "conflict" -> conflict(value);
                case "inheritFrom" ->
                    throw new MalformedException(
                            "odrl/inherits", "a policy that inherits from another is not self-contained");
                case "@type", "type" -> type(value, TYPES);
                case "@id", "uid", "id" -> fact("uid", value);
                case "target", "assigner", "assignee" -> fact(member.getKey(), value);
                case "permission" -> rules(value, Kind.PERMISSION);
                case "prohibition" -> rules(value, Kind.PROHIBITION);
                case "obligation", "duty" -> rules(value, Kind.OBLIGATION);
                default -> {
                    if (!member.getKey().startsWith("tally:")) {
                        throw OdrlText.unknown("policy", member.getKey());
                    }
                    extensions.put(member.getKey(), OdrlText.value(value));
                }
            }
        }
        agree(targeted);
        return new OdrlReading(
                Optional.ofNullable(facts.get("uid"))
                        .orElseThrow(() -> new MalformedException("odrl/uid", "the policy has no uid")),
                Optional.ofNullable(facts.get("target")),
                Optional.ofNullable(facts.get("assigner")),
                Optional.ofNullable(facts.get("assignee")),
                List.copyOf(permissions.values()),
                List.copyOf(prohibitions.values()),
                List.copyOf(obligations.values()),
                extensions);
    }

    /** Refuses a rule that names another target, assigner or assignee than the policy does, and permissions with and without a target. */
    private void agree(boolean targeted) {
        for (var fact : repeated) {
            if (!fact.getValue().equals(facts.get(fact.getKey()))) {
                throw several(fact.getKey(), facts.getOrDefault(fact.getKey(), "none"), fact.getValue());
            }
        }
        if (untargeted && !targeted && facts.containsKey("target")) {
            throw new MalformedException("odrl/target", "one permission names a target and another none");
        }
    }

    private static void profile(Json value) {
        for (Json item : OdrlText.list(value)) {
            String profile = OdrlText.reference(item);
            if (!profile.equals(Odrl.PROFILE)) {
                throw new MalformedException(
                        "odrl/profile", Fields.shown(profile) + " is not the profile understood here: " + Odrl.PROFILE);
            }
        }
    }

    private static void conflict(Json value) {
        if (!OdrlText.name(OdrlText.reference(value)).equals("prohibit")) {
            throw new MalformedException("odrl/conflict", "only the conflict strategy prohibit is known here");
        }
    }

    private static void type(Json value, Set<String> known) {
        String type = OdrlText.name(OdrlText.reference(value));
        if (!known.contains(type)) {
            throw new MalformedException("odrl/type", Fields.shown(type) + " is not one of " + known);
        }
    }

    private void fact(String name, Json value) {
        String text = OdrlText.reference(value);
        String before = facts.putIfAbsent(name, text);
        if (before != null && !before.equals(text)) {
            throw several(name, before, text);
        }
    }

    private static MalformedException several(String name, String one, String other) {
        return new MalformedException(
                "odrl/several", "several " + name + "s: " + Fields.shown(one) + " and " + Fields.shown(other));
    }

    private void rules(Json value, Kind kind) {
        for (Json item : OdrlText.list(value)) {
            rule(OdrlText.members(item, "rule"), kind);
        }
    }

    private void rule(Map<String, Json> rule, Kind kind) {
        List<String> actions = new ArrayList<>();
        List<OdrlReading.Constraint> constraints = new ArrayList<>();
        for (var member : rule.entrySet()) {
            Json content = member.getValue();
            switch (member.getKey()) {
                case "@id", "uid", "id" -> OdrlText.reference(content);
                case "@type", "type" -> type(content, kind.types);
                case "target", "assigner", "assignee" -> {
                    if (kind == Kind.PERMISSION) {
                        fact(member.getKey(), content);
                    } else {
                        repeated.add(Map.entry(member.getKey(), OdrlText.reference(content)));
                    }
                }
                case "action" -> OdrlText.list(content).forEach(action -> actions.add(action(action)));
                case "constraint" -> constraints(content, constraints);
                case "refinement" -> throw OdrlText.refinement();
                case "duty" -> {
                    if (kind != Kind.PERMISSION) {
                        throw OdrlText.unknown("rule", member.getKey());
                    }
                    rules(content, Kind.OBLIGATION);
                }
                default -> throw OdrlText.unknown("rule", member.getKey());
            }
        }
        if (actions.isEmpty()) {
            throw new MalformedException("odrl/action-missing", "a rule has no action");
        }
        untargeted |= kind == Kind.PERMISSION && !rule.containsKey("target");
        Map<OdrlPolicy.Rule, OdrlReading.Rule> into = switch (kind) {
            case PERMISSION -> permissions;
            case PROHIBITION -> prohibitions;
            case OBLIGATION -> obligations;
        };
        for (String action : actions) {
            OdrlReading.Rule made = new OdrlReading.Rule(action, constraints);
            into.putIfAbsent(made.normal(), made);
        }
        if (into.size() > MAX_RULES) {
            throw new MalformedException("odrl/too-many", "a policy has at most " + MAX_RULES + " rules");
        }
    }

    private static String action(Json action) {
        if (!(action instanceof Json.Obj)) {
            return OdrlText.name(OdrlText.reference(action));
        }
        String found = "";
        for (var member : OdrlText.members(action, "action").entrySet()) {
            switch (member.getKey()) {
                case "rdf:value", "@id", "value", "id" -> {
                    if (!found.isEmpty()) {
                        throw new MalformedException("odrl/several", "an action has two names");
                    }
                    found = OdrlText.name(OdrlText.reference(member.getValue()));
                }
                case "@type", "type" -> type(member.getValue(), Set.of("Action"));
                case "refinement" -> throw OdrlText.refinement();
                default -> throw OdrlText.unknown("action", member.getKey());
            }
        }
        if (found.isEmpty()) {
            throw new MalformedException("odrl/action-missing", "an action has no name");
        }
        return found;
    }

    /** Adds the constraints of a rule, all of which must hold. */
    private static void constraints(Json value, List<OdrlReading.Constraint> into) {
        for (Json item : OdrlText.list(value)) {
            Map<String, Json> members = OdrlText.members(item, "constraint");
            Optional<String> logic = logic(members);
            if (logic.isEmpty()) {
                into.add(constraint(members));
                continue;
            }
            Json operands = members.getOrDefault(logic.get(), Json.NULL);
            switch (logic.get()) {
                case "and" -> constraints(operands, into);
                case "or" -> into.add(alternatives(operands));
                default ->
                    throw new MalformedException(
                            "odrl/logic", logic.get() + " is not part of the profile understood here");
            }
        }
    }

    /** The logical operator of a constraint; nothing else may stand beside it. */
    private static Optional<String> logic(Map<String, Json> members) {
        Optional<String> logic =
                members.keySet().stream().filter(LOGIC::contains).findFirst();
        for (var member : members.entrySet()) {
            boolean label = Set.of("@id", "uid", "id", "@type", "type").contains(member.getKey());
            if (logic.isPresent() && !label && !member.getKey().equals(logic.get())) {
                throw new MalformedException(
                        "odrl/constraint-beside",
                        "constraint." + Fields.shown(member.getKey()) + " stands beside " + logic.get());
            }
        }
        return logic;
    }

    /** Alternatives of the same left operand, each equal to one or any of several values: being any of them all. */
    private static OdrlReading.Constraint alternatives(Json value) {
        String left = "";
        List<Json> values = new ArrayList<>();
        for (Json item : OdrlText.list(value)) {
            Map<String, Json> members = OdrlText.members(item, "constraint");
            boolean simple = logic(members).isEmpty();
            if (simple) {
                OdrlReading.Constraint one = constraint(members);
                simple = (one.operator().equals("eq") || one.operator().equals("isAnyOf"))
                        && (left.isEmpty() || left.equals(one.left()));
                left = one.left();
                one.values().stream().filter(each -> !values.contains(each)).forEach(values::add);
            }
            if (!simple) {
                throw new MalformedException(
                        "odrl/alternatives", "alternatives are understood only between values of one operand");
            }
        }
        if (values.isEmpty()) {
            throw new MalformedException("odrl/alternatives", "there is no alternative");
        }
        return new OdrlReading.Constraint(left, "isAnyOf", values);
    }

    private static OdrlReading.Constraint constraint(Map<String, Json> members) {
        String left = "";
        String operator = "";
        List<Json> values = new ArrayList<>();
        for (var member : members.entrySet()) {
            Json content = member.getValue();
            switch (member.getKey()) {
                case "leftOperand" -> left = OdrlText.name(OdrlText.reference(content));
                case "operator" -> operator = OdrlText.name(OdrlText.reference(content));
                case "rightOperand" -> OdrlText.list(content).forEach(value -> values.add(OdrlText.value(value)));
                case "rightOperandReference" ->
                    throw new MalformedException(
                            "odrl/reference-value", "a value that stands elsewhere cannot be read here");
                case "@id", "uid", "id" -> OdrlText.reference(content);
                case "@type", "type" -> type(content, Set.of("Constraint"));
                case "dataType" -> OdrlText.valueType(content);
                default -> throw OdrlText.unknown("constraint", member.getKey());
            }
        }
        if (left.isEmpty() || !OPERATORS.contains(operator) || values.isEmpty()) {
            throw new MalformedException(
                    "odrl/constraint", "a constraint needs leftOperand, an operator of ODRL and rightOperand");
        }
        if (values.size() > 1 && !LISTS.contains(operator)) {
            throw new MalformedException("odrl/constraint", operator + " takes one value");
        }
        return new OdrlReading.Constraint(left, operator, values);
    }
}
