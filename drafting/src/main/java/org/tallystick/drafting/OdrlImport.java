package org.tallystick.drafting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * Makes the contract a policy says. Whatever the profile does not know is refused by name, so that the contract never
 * permits what the policy does not.
 */
final class OdrlImport {
    /** What ODRL's own actions are called in our documents, where a ban on them says nothing about a use we permit. */
    private static final Map<String, String> BANS = Map.ofEntries(
            Map.entry("sell", "resale"),
            Map.entry("grantUse", "sublicensing"),
            Map.entry("commercialize", "commercialize"),
            Map.entry("distribute", "distribute"),
            Map.entry("give", "give"),
            Map.entry("lease", "lease"),
            Map.entry("lend", "lend"),
            Map.entry("present", "present"),
            Map.entry("display", "display"),
            Map.entry("print", "print"),
            Map.entry("play", "play"),
            Map.entry("stream", "stream"),
            Map.entry("transfer", "transfer"));

    private static final Set<String> LISTS = Set.of("places", "verticals", "standards", "indemnifiers", "carveOuts");

    private final OdrlReading policy;
    private final Map<String, Json> extensions;
    private final Map<String, Json> terms = new LinkedHashMap<>();
    private final List<String> empty;

    private OdrlImport(OdrlReading policy) {
        this.policy = policy;
        this.extensions = new LinkedHashMap<>(policy.extensions());
        this.empty = Optional.ofNullable(extensions.remove(Odrl.TALLY + Odrl.EMPTY))
                .map(names -> Fields.of(Json.object().put(Odrl.EMPTY, names).build(), "policy")
                        .strings(Odrl.EMPTY))
                .orElse(List.of());
    }

    static ContractDocument document(OdrlReading policy) {
        return new OdrlImport(policy).document();
    }

    private ContractDocument document() {
        Json context = Optional.ofNullable(extensions.remove(Odrl.TALLY + Odrl.CONTEXT_MEMBER))
                .orElse(Odrl.DEFAULT_CONTEXT);
        Json.Builder out = Json.object()
                .put("@context", context)
                .put("@type", "DataContract")
                .put("contractId", bare(policy.uid(), Odrl.CONTRACT))
                .put("datasetId", bare(needed(policy.target(), "target"), Odrl.DATASET))
                .putIfPresent("curatorId", policy.assigner().map(party -> bare(party, Odrl.PARTY)))
                .putIfPresent("buyerId", policy.assignee().map(party -> bare(party, Odrl.PARTY)));
        for (String member : Odrl.MEMBERS) {
            Optional.ofNullable(extensions.remove(Odrl.TALLY + member)).ifPresent(value -> out.put(member, value));
        }
        Optional.ofNullable(extensions.remove(Odrl.TALLY + "payout")).ifPresent(value -> out.put("payout", value));
        Json licence =
                Optional.ofNullable(extensions.remove(Odrl.TALLY + "licence")).orElse(Json.of("odrl"));
        if (!extensions.isEmpty()) {
            throw new MalformedException("odrl/member-unknown", "not understood: " + extensions.keySet());
        }
        out.put("license", license(licence));
        duties(out);
        for (String member : empty) {
            if (!Odrl.MAY_BE_EMPTY.contains(member)) {
                throw new MalformedException("odrl/member-unknown", "tally:empty names " + Fields.shown(member));
            }
        }
        if (empty.contains("purposes")) {
            putOnce(terms, "purposes", Json.array(List.of()));
        }
        if (!terms.isEmpty() || empty.contains("terms")) {
            Json.Builder all = Json.object();
            terms.forEach(all::put);
            out.put("terms", all.build());
        }
        return ContractDocument.parse(out.build());
    }

    private Json.Obj license(Json licence) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("type", licence);
        List<String> uses = new ArrayList<>();
        Optional<OdrlPolicy.Rule> common = Optional.empty();
        for (OdrlReading.Rule rule : policy.permissions()) {
            uses.add(ours(rule.action()));
            limits(rule, new LinkedHashMap<>(), new LinkedHashMap<>());
            OdrlPolicy.Rule limits = new OdrlReading.Rule("", rule.constraints()).normal();
            if (common.isPresent() && !common.get().equals(limits)) {
                throw new MalformedException(
                        "odrl/constraints-differ", "uses under different constraints are different contracts");
            }
            common = Optional.of(limits);
        }
        members.put("permittedUses", Json.strings(uses));
        if (!policy.prohibitions().isEmpty()) {
            members.put(
                    "forbiddenUses",
                    Json.strings(policy.prohibitions().stream()
                            .map(OdrlImport::banned)
                            .toList()));
        }
        if (!policy.permissions().isEmpty()) {
            limits(policy.permissions().getFirst(), members, terms);
        }
        for (String member : List.of("forbiddenUses", "regionRestrictions")) {
            if (empty.contains(member)) {
                putOnce(members, member, Json.array(List.of()));
            }
        }
        Json.Builder out = Json.object();
        members.forEach(out::put);
        return out.build();
    }

    private static void limits(OdrlReading.Rule rule, Map<String, Json> license, Map<String, Json> terms) {
        for (OdrlReading.Constraint constraint : distinct(rule)) {
            switch (constraint.left() + " " + constraint.operator()) {
                case "elapsedTime lteq" ->
                    putOnce(license, "duration", constraint.values().getFirst());
                case "spatial isAnyOf", "spatial eq" ->
                    putOnce(license, "regionRestrictions", Json.array(constraint.values()));
                case "tally:minimumGrade eq" ->
                    putOnce(license, "minimumGrade", constraint.values().getFirst());
                case "purpose isAnyOf", "purpose eq" -> putOnce(terms, "purposes", Json.array(constraint.values()));
                default ->
                    throw new MalformedException(
                            "odrl/constraint",
                            Fields.shown(constraint.left() + " " + constraint.operator()) + " is not understood");
            }
        }
    }

    /** The constraints of a rule; two that differ about one operand are refused, the same written twice is one. */
    private static List<OdrlReading.Constraint> distinct(OdrlReading.Rule rule) {
        Map<String, OdrlReading.Constraint> all = new LinkedHashMap<>();
        for (OdrlReading.Constraint constraint : rule.constraints()) {
            OdrlReading.Constraint before = all.putIfAbsent(constraint.left(), constraint);
            if (before != null && !before.normal().equals(constraint.normal())) {
                throw new MalformedException(
                        "odrl/constraint-twice", "two constraints about " + Fields.shown(constraint.left()));
            }
        }
        return List.copyOf(all.values());
    }

    private static void putOnce(Map<String, Json> members, String member, Json value) {
        if (members.putIfAbsent(member, value) != null) {
            throw new MalformedException("odrl/constraint-twice", "two values for " + member);
        }
    }

    private void duties(Json.Builder out) {
        Map<String, Json.Obj> made = new LinkedHashMap<>();
        for (OdrlReading.Rule duty : policy.obligations()) {
            Json.Builder object = Json.object();
            for (OdrlReading.Constraint constraint : distinct(duty)) {
                boolean list = constraint.operator().equals("isAllOf");
                if (!list && !constraint.operator().equals("eq")) {
                    throw new MalformedException(
                            "odrl/constraint", Fields.shown(constraint.operator()) + " is not understood in a duty");
                }
                object.put(
                        ours(constraint.left()),
                        list
                                ? Json.array(constraint.values())
                                : constraint.values().getFirst());
            }
            String term = duty.action().equals("compensate") ? duty.action() : term(duty.action());
            if (made.putIfAbsent(term, object.build()) != null) {
                throw new MalformedException("odrl/duty-twice", "two different duties " + Fields.shown(term));
            }
        }
        made.forEach((term, object) -> {
            if (term.equals("compensate")) {
                compensation(out, object);
            } else {
                putOnce(terms, term, lists(object));
            }
        });
    }

    private static void compensation(Json.Builder out, Json.Obj object) {
        Json pricing = object.get(Odrl.PRICING)
                .orElseThrow(() ->
                        new MalformedException("odrl/compensation", "compensate does not say tally:" + Odrl.PRICING));
        if (object.members().size() > 1) {
            throw new MalformedException(
                    "odrl/compensation", "compensate says more than tally:" + Odrl.PRICING + ", which is the price");
        }
        out.put(Odrl.PRICING, pricing);
    }

    private static String term(String action) {
        return Odrl.NATIVE.entrySet().stream()
                .filter(entry -> entry.getValue().equals(action))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> ours(action));
    }

    /** One name where several could stand is a list of one. */
    private static Json.Obj lists(Json.Obj object) {
        Json.Builder out = Json.object();
        object.members()
                .forEach((member, value) -> out.put(
                        member,
                        LISTS.contains(member) && value instanceof Json.Str ? Json.array(List.of(value)) : value));
        return out.build();
    }

    private static String ours(String name) {
        if (!name.startsWith(Odrl.TALLY)) {
            throw new MalformedException(
                    "odrl/word-unknown", Fields.shown(name) + " has no meaning in a data contract");
        }
        return name.substring(Odrl.TALLY.length());
    }

    private static String banned(OdrlReading.Rule rule) {
        if (!rule.constraints().isEmpty()) {
            throw new MalformedException("odrl/constraint", "a ban under a condition is not understood");
        }
        if (rule.action().startsWith(Odrl.TALLY)) {
            return ours(rule.action());
        }
        return Optional.ofNullable(BANS.get(rule.action()))
                .orElseThrow(() -> new MalformedException(
                        "odrl/ban",
                        "a ban on " + Fields.shown(rule.action())
                                + " may take back what a permission gives; it is not understood"));
    }

    private static String bare(String iri, String prefix) {
        return iri.startsWith(prefix) ? iri.substring(prefix.length()) : iri;
    }

    private static String needed(Optional<String> value, String what) {
        return value.orElseThrow(() -> new MalformedException("odrl/" + what, "the policy has no " + what));
    }
}
