package org.tallystick.drafting;

import java.time.DateTimeException;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/** Takes the spellings ODRL 2.2 allows in JSON-LD to one. Understands every member it meets, or refuses it. */
final class OdrlNormal {
    private static final Set<String> TYPES = Set.of("Policy", "Set", "Offer", "Agreement");
    private static final Set<String> LISTS = Set.of("isAnyOf", "isAllOf", "isNoneOf");
    private static final Set<String> OPERATORS = Set.of(
            "eq", "neq", "lt", "lteq", "gt", "gteq", "isA", "isPartOf", "hasPart", "isAnyOf", "isAllOf", "isNoneOf");
    private static final String ODRL = "http://www.w3.org/ns/odrl/2/";
    private static final String OURS = "https://tallystick.org/contract/v1#";
    private static final int MAX_RULES = 2_000;

    private final TreeSet<OdrlPolicy.Rule> permissions = new TreeSet<>();
    private final TreeSet<OdrlPolicy.Rule> prohibitions = new TreeSet<>();
    private final TreeSet<OdrlPolicy.Rule> obligations = new TreeSet<>();
    private final TreeMap<String, Json> extensions = new TreeMap<>();
    private final TreeMap<String, String> facts = new TreeMap<>();

    private OdrlNormal() {}

    static OdrlPolicy of(Json.Obj policy) {
        return new OdrlNormal().policy(policy);
    }

    private OdrlPolicy policy(Json.Obj policy) {
        String type = "Policy";
        for (var member : policy.members().entrySet()) {
            String name = name(member.getKey());
            Json value = member.getValue();
            switch (name) {
                case "@context", "profile", "conflict", "inheritFrom" -> known(name, value);
                case "@type", "type" -> type = name(reference(value));
                case "@id", "uid", "id" -> fact("uid", value);
                case "target", "assigner", "assignee" -> fact(name, value);
                case "permission" -> rules(value, permissions);
                case "prohibition" -> rules(value, prohibitions);
                case "obligation", "duty" -> rules(value, obligations);
                default -> {
                    if (!name.startsWith("tally:") || extensions.put(name, value) != null) {
                        throw new MalformedException(
                                "odrl/member-unknown",
                                "policy." + Fields.shown(member.getKey()) + " is not understood");
                    }
                }
            }
        }
        if (!TYPES.contains(type)) {
            throw new MalformedException("odrl/type", Fields.shown(type) + " is no kind of ODRL policy known here");
        }
        return new OdrlPolicy(
                Optional.ofNullable(facts.get("uid"))
                        .orElseThrow(() -> new MalformedException("odrl/uid", "the policy has no uid")),
                Optional.ofNullable(facts.get("target")),
                Optional.ofNullable(facts.get("assigner")),
                Optional.ofNullable(facts.get("assignee")),
                permissions,
                prohibitions,
                obligations,
                extensions);
    }

    private static void known(String name, Json value) {
        if (name.equals("inheritFrom")) {
            throw new MalformedException("odrl/inherits", "a policy that inherits from another is not self-contained");
        }
        boolean prohibits = name.equals("conflict") && !name(reference(value)).equals("prohibit");
        if (prohibits) {
            throw new MalformedException("odrl/conflict", "only the conflict strategy prohibit is known here");
        }
    }

    private void fact(String name, Json value) {
        String text = reference(value);
        String before = facts.putIfAbsent(name, text);
        if (before != null && !before.equals(text)) {
            throw new MalformedException(
                    "odrl/several", "several " + name + "s: " + Fields.shown(before) + " and " + Fields.shown(text));
        }
    }

    private void rules(Json value, SortedSet<OdrlPolicy.Rule> into) {
        for (Json item : list(value)) {
            Json.Obj rule = Fields.of(item, "rule").object();
            List<Action> actions = new ArrayList<>();
            TreeSet<OdrlPolicy.Constraint> constraints = new TreeSet<>();
            for (var member : rule.members().entrySet()) {
                String name = name(member.getKey());
                Json content = member.getValue();
                switch (name) {
                    case "@id", "uid", "@type", "type" -> reference(content);
                    case "target", "assigner", "assignee" -> fact(name, content);
                    case "action" -> list(content).forEach(action -> actions.add(action(action)));
                    case "constraint" -> constraints(content, constraints);
                    case "duty", "obligation" -> rules(content, obligations);
                    default ->
                        throw new MalformedException(
                                "odrl/member-unknown", "rule." + Fields.shown(member.getKey()) + " is not understood");
                }
            }
            if (actions.isEmpty()) {
                throw new MalformedException("odrl/action-missing", "a rule has no action");
            }
            for (Action action : actions) {
                TreeSet<OdrlPolicy.Constraint> all = new TreeSet<>(constraints);
                all.addAll(action.refinements());
                into.add(new OdrlPolicy.Rule(action.name(), all));
            }
            if (into.size() > MAX_RULES) {
                throw new MalformedException("odrl/too-many", "a policy has at most " + MAX_RULES + " rules");
            }
        }
    }

    private record Action(String name, SortedSet<OdrlPolicy.Constraint> refinements) {}

    private static Action action(Json action) {
        TreeSet<OdrlPolicy.Constraint> refinements = new TreeSet<>();
        if (!(action instanceof Json.Obj object)) {
            return new Action(name(reference(action)), refinements);
        }
        String found = "";
        for (var member : object.members().entrySet()) {
            switch (name(member.getKey())) {
                case "rdf:value", "@id", "value", "id" -> found = name(reference(member.getValue()));
                case "@type", "type" -> reference(member.getValue());
                case "refinement" -> constraints(member.getValue(), refinements);
                default ->
                    throw new MalformedException(
                            "odrl/member-unknown", "action." + Fields.shown(member.getKey()) + " is not understood");
            }
        }
        if (found.isEmpty()) {
            throw new MalformedException("odrl/action-missing", "an action has no name");
        }
        return new Action(found, refinements);
    }

    private static void constraints(Json value, SortedSet<OdrlPolicy.Constraint> into) {
        for (Json item : list(value)) {
            Json.Obj constraint = Fields.of(item, "constraint").object();
            Optional<Json> and = member(constraint, "and").or(() -> member(constraint, "andSequence"));
            Optional<Json> or = member(constraint, "or").or(() -> member(constraint, "xone"));
            if (and.isPresent()) {
                constraints(listed(and.get()), into);
            } else if (or.isPresent()) {
                into.add(alternatives(listed(or.get())));
            } else {
                into.add(constraint(constraint));
            }
        }
    }

    /** Alternatives of the same left operand, each equal to one value, are that operand being any of them. */
    private static OdrlPolicy.Constraint alternatives(Json value) {
        TreeSet<OdrlPolicy.Constraint> all = new TreeSet<>();
        constraints(value, all);
        TreeSet<String> values = new TreeSet<>();
        TreeSet<String> lefts = new TreeSet<>();
        for (OdrlPolicy.Constraint one : all) {
            boolean simple = one.operator().equals("eq") || one.operator().equals("isAnyOf");
            if (!simple || (lefts.add(one.left()) && lefts.size() > 1)) {
                throw new MalformedException(
                        "odrl/alternatives", "alternatives are understood only between values of one operand");
            }
            values.addAll(one.values());
        }
        if (lefts.isEmpty()) {
            throw new MalformedException("odrl/alternatives", "there is no alternative");
        }
        return made(lefts.first(), "isAnyOf", values);
    }

    private static OdrlPolicy.Constraint constraint(Json.Obj constraint) {
        String left = "";
        String operator = "";
        TreeSet<String> values = new TreeSet<>();
        for (var member : constraint.members().entrySet()) {
            switch (name(member.getKey())) {
                case "leftOperand" -> left = name(reference(member.getValue()));
                case "operator" -> operator = name(reference(member.getValue()));
                case "rightOperand", "rightOperandReference" ->
                    list(member.getValue()).forEach(value -> values.add(Jcs.text(scalar(value))));
                case "@id", "uid", "@type", "type", "dataType" -> reference(member.getValue());
                default ->
                    throw new MalformedException(
                            "odrl/member-unknown",
                            "constraint." + Fields.shown(member.getKey()) + " is not understood");
            }
        }
        if (left.isEmpty() || !OPERATORS.contains(operator) || values.isEmpty()) {
            throw new MalformedException(
                    "odrl/constraint", "a constraint needs leftOperand, an operator of ODRL and rightOperand");
        }
        if (values.size() > 1 && !LISTS.contains(operator)) {
            throw new MalformedException("odrl/constraint", operator + " takes one value");
        }
        return made(left, operator, values);
    }

    /** Being any or all of one value is being that value. */
    private static OdrlPolicy.Constraint made(String left, String operator, SortedSet<String> values) {
        boolean one = values.size() == 1 && (operator.equals("isAnyOf") || operator.equals("isAllOf"));
        return new OdrlPolicy.Constraint(left, one ? "eq" : operator, values);
    }

    /** A value without its spelling: typed literals become plain, equal periods equal. */
    private static Json scalar(Json value) {
        if (value instanceof Json.Obj object) {
            boolean json = member(object, "@type")
                    .filter(type -> type.equals(Json.of("@json")))
                    .isPresent();
            if (json) {
                return object.get("@value").orElse(Json.NULL);
            }
            return member(object, "@value").map(OdrlNormal::scalar).orElseGet(() -> Json.of(name(reference(object))));
        }
        if (value instanceof Json.Str text && text.value().startsWith("P")) {
            return Json.of(period(text.value()));
        }
        return value instanceof Json.Str text ? Json.of(name(text.value())) : value;
    }

    private static String period(String text) {
        try {
            return Period.parse(text).normalized().toString();
        } catch (DateTimeException e) {
            return text; // a word that begins with P
        }
    }

    private static Optional<Json> member(Json.Obj object, String wanted) {
        return object.members().entrySet().stream()
                .filter(member -> name(member.getKey()).equals(wanted))
                .map(java.util.Map.Entry::getValue)
                .findFirst();
    }

    /** The items of {@code {"@list": […]}}, or the value itself. */
    private static Json listed(Json value) {
        return value instanceof Json.Obj object ? object.get("@list").orElse(value) : value;
    }

    private static List<Json> list(Json value) {
        return listed(value) instanceof Json.Arr array ? array.items() : List.of(listed(value));
    }

    private static String reference(Json value) {
        Json single = value instanceof Json.Arr array && array.items().size() == 1
                ? array.items().getFirst()
                : value;
        if (single instanceof Json.Str text) {
            return text.value();
        }
        if (single instanceof Json.Obj object) {
            Optional<Json> id = member(object, "@id").or(() -> member(object, "uid"));
            if (id.isPresent() && id.get() instanceof Json.Str text) {
                return text.value();
            }
        }
        throw new MalformedException(
                "odrl/reference", "a name or an IRI is expected, not " + Fields.shown(value.toString()));
    }

    /** A name without the ways to write its namespace; ours keep {@code tally:}. */
    private static String name(String written) {
        String name = written;
        if (name.startsWith("odrl:")) {
            name = name.substring("odrl:".length());
        } else if (name.startsWith(ODRL)) {
            name = name.substring(ODRL.length());
        } else if (name.startsWith(OURS)) {
            name = "tally:" + name.substring(OURS.length());
        }
        return name;
    }
}
