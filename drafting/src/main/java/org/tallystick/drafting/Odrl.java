package org.tallystick.drafting;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;

/**
 * Contracts as ODRL 2.2 policies, out and in without loss. Uses are permissions, bans prohibitions, the rest duties; what
 * ODRL has a word for takes that word (compensate, attribute, delete, spatial, elapsedTime, purpose), what it has none for
 * takes one of our profile ({@code tally:}). Signatures do not travel: they are over the contract.
 */
public final class Odrl {
    /** The profile our own words belong to. */
    public static final String PROFILE = "https://tallystick.org/contract/v1/odrl";

    private static final String CONTEXT = "http://www.w3.org/ns/odrl.jsonld";
    private static final String NAMESPACE = "https://tallystick.org/contract/v1#";
    private static final String CONTRACT = "urn:tallystick:contract:";
    private static final String DATASET = "urn:tallystick:dataset:";
    private static final String PARTY = "urn:tallystick:party:";
    private static final String PRICING = "pricing";

    /** Duties that ODRL has an action for, by the member of our terms. */
    private static final Map<String, String> NATIVE = Map.of("attribution", "attribute", "deletion", "delete");

    /** ODRL's own names for what our documents forbid by another. */
    private static final Map<String, String> BANS = Map.of("sell", "resale", "grantUse", "sublicensing");

    private Odrl() {}

    /**
     * The policy that says what a contract says: an Agreement once all parties of the head are named and somebody has
     * signed, else an Offer.
     */
    public static Json.Obj write(ContractDocument document) {
        Json.Obj json = ContractDraft.of(document).json();
        Fields fields = Fields.of(json, "contract");
        Json.Obj license = fields.fields("license").object();
        Json.Obj terms = fields.optionalFields("terms")
                .map(Fields::object)
                .orElse(Json.object().build());
        Json.Builder out = Json.object()
                .put(
                        "@context",
                        Json.array(List.of(
                                Json.of(CONTEXT),
                                Json.object().put("tally", NAMESPACE).build())))
                .put("@type", document.signatures().isEmpty() ? "Offer" : "Agreement")
                .put("uid", CONTRACT + document.id())
                .put("profile", PROFILE)
                .put("conflict", "prohibit")
                .put("target", DATASET + document.dataset())
                .putIfPresent("assigner", document.curator().map(PARTY::concat))
                .putIfPresent("assignee", document.buyer().map(PARTY::concat));
        for (String member : List.of("datasetVersion", "platformFeeShare", "replaces", "text")) {
            json.get(member).ifPresent(value -> out.put("tally:" + member, literal(value)));
        }
        out.put("tally:licence", license.get("type").orElseThrow())
                .put("tally:payout", literal(json.get("payout").orElseThrow()))
                .put("permission", Json.array(permissions(license, terms)));
        List<Json.Obj> bans = new ArrayList<>();
        Fields.of(license, "license")
                .strings("forbiddenUses")
                .forEach(act ->
                        bans.add(Json.object().put("action", "tally:" + act).build()));
        if (!bans.isEmpty()) {
            out.put("prohibition", Json.array(bans));
        }
        return out.put("obligation", Json.array(obligations(json, terms))).build();
    }

    private static List<Json.Obj> permissions(Json.Obj license, Json.Obj terms) {
        List<Json.Obj> constraints = new ArrayList<>();
        constraints.add(
                constraint("elapsedTime", "lteq", license.get("duration").orElseThrow()));
        license.get("regionRestrictions")
                .ifPresent(places -> constraints.add(constraint("spatial", "isAnyOf", places)));
        license.get("minimumGrade").ifPresent(grade -> constraints.add(constraint("tally:minimumGrade", "eq", grade)));
        terms.get("purposes").ifPresent(purposes -> constraints.add(constraint("purpose", "isAnyOf", purposes)));
        List<Json.Obj> permissions = new ArrayList<>();
        for (String use : Fields.of(license, "license").strings("permittedUses")) {
            permissions.add(Json.object()
                    .put("action", "tally:" + use)
                    .put("constraint", Json.array(constraints))
                    .build());
        }
        return permissions;
    }

    private static List<Json.Obj> obligations(Json.Obj contract, Json.Obj terms) {
        List<Json.Obj> duties = new ArrayList<>();
        duties.add(Json.object()
                .put("action", "compensate")
                .put(
                        "constraint",
                        Json.array(List.of(constraint(
                                "tally:" + PRICING,
                                "eq",
                                literal(contract.get(PRICING).orElseThrow())))))
                .build());
        for (Map.Entry<String, Json> term : terms.members().entrySet()) {
            if (term.getKey().equals("purposes")) {
                continue;
            }
            List<Json.Obj> constraints = new ArrayList<>();
            Fields.of(term.getValue(), "terms")
                    .object()
                    .members()
                    .forEach((member, value) -> constraints.add(value(member, value)));
            String action = Optional.ofNullable(NATIVE.get(term.getKey())).orElse("tally:" + term.getKey());
            Json.Builder duty = Json.object().put("action", action);
            if (!constraints.isEmpty()) {
                duty.put("constraint", Json.array(constraints));
            }
            duties.add(duty.build());
        }
        return duties;
    }

    /** Lists of names are lists in ODRL; objects and lists of them are JSON literals. */
    private static Json.Obj value(String member, Json value) {
        boolean names = value instanceof Json.Arr array
                && !array.items().isEmpty()
                && array.items().stream().allMatch(item -> item instanceof Json.Str);
        return constraint("tally:" + member, names ? "isAllOf" : "eq", names ? value : literal(value));
    }

    private static Json literal(Json value) {
        return value instanceof Json.Obj || value instanceof Json.Arr || value instanceof Json.Num
                ? Json.object().put("@value", value).put("@type", "@json").build()
                : value;
    }

    private static Json.Obj constraint(String left, String operator, Json right) {
        return Json.object()
                .put("leftOperand", left)
                .put("operator", operator)
                .put("rightOperand", right)
                .build();
    }

    /**
     * The policy with all freedom of spelling taken out; equal for equivalent spellings.
     *
     * @throws MalformedException {@code odrl/…} for what is not ODRL 2.2 or not understood here
     */
    public static OdrlPolicy normal(Json.Obj policy) {
        return OdrlNormal.of(policy);
    }

    /**
     * The contract a policy says, not signed.
     *
     * @throws MalformedException {@code odrl/…} for what cannot be understood, {@code contract/…} where it makes no sound
     *     contract
     */
    public static ContractDraft read(Json.Obj policy) {
        OdrlPolicy normal = OdrlNormal.of(policy);
        Json.Builder terms = Json.object();
        Json.Builder out = Json.object()
                .put("@context", Json.strings(List.of("https://schema.org/", ContractDraft.CONTEXT)))
                .put("@type", "DataContract")
                .put("contractId", bare(normal.uid(), CONTRACT))
                .put("datasetId", bare(needed(normal.target(), "target"), DATASET))
                .putIfPresent("curatorId", normal.assigner().map(party -> bare(party, PARTY)))
                .putIfPresent("buyerId", normal.assignee().map(party -> bare(party, PARTY)));
        Map<String, Json> extensions = new TreeMap<>(normal.extensions());
        for (String member : List.of("datasetVersion", "platformFeeShare", "replaces", "text", "payout")) {
            Optional.ofNullable(extensions.remove("tally:" + member)).ifPresent(value -> out.put(member, plain(value)));
        }
        Json licence = Optional.ofNullable(extensions.remove("tally:licence")).orElse(Json.of("odrl"));
        if (!extensions.isEmpty()) {
            throw new MalformedException("odrl/member-unknown", "not understood: " + extensions.keySet());
        }
        out.put("license", license(normal, licence, terms));
        duties(normal, out, terms);
        Json.Obj more = terms.build();
        if (!more.members().isEmpty()) {
            out.put("terms", more);
        }
        return ContractDraft.of(ContractDocument.parse(out.build()));
    }

    private static Json.Obj license(OdrlPolicy policy, Json licence, Json.Builder terms) {
        Json.Builder out = Json.object().put("type", licence);
        List<String> uses = new ArrayList<>();
        Optional<Set<OdrlPolicy.Constraint>> common = Optional.empty();
        for (OdrlPolicy.Rule rule : policy.permissions()) {
            uses.add(ours(rule.action()));
            if (common.isPresent() && !common.get().equals(rule.constraints())) {
                throw new MalformedException(
                        "odrl/constraints-differ", "uses under different constraints are different contracts");
            }
            common = Optional.of(rule.constraints());
        }
        out.put("permittedUses", Json.strings(uses));
        if (!policy.prohibitions().isEmpty()) {
            List<String> acts = new ArrayList<>();
            for (OdrlPolicy.Rule rule : policy.prohibitions()) {
                if (!rule.constraints().isEmpty()) {
                    throw new MalformedException("odrl/constraint", "a ban under a condition is not understood");
                }
                acts.add(banned(rule.action()));
            }
            out.put("forbiddenUses", Json.strings(acts));
        }
        for (OdrlPolicy.Constraint constraint : common.orElse(Set.of())) {
            switch (constraint.left() + " " + constraint.operator()) {
                case "elapsedTime lteq", "elapsedTime eq" ->
                    out.put("duration", Json.parse(constraint.values().getFirst()));
                case "spatial isAnyOf", "spatial eq" -> out.put("regionRestrictions", array(constraint));
                case "tally:minimumGrade eq" ->
                    out.put("minimumGrade", Json.parse(constraint.values().getFirst()));
                case "purpose isAnyOf", "purpose eq" -> terms.put("purposes", array(constraint));
                default ->
                    throw new MalformedException(
                            "odrl/constraint",
                            Fields.shown(constraint.left() + " " + constraint.operator()) + " is not understood");
            }
        }
        return out.build();
    }

    private static void duties(OdrlPolicy policy, Json.Builder out, Json.Builder terms) {
        Map<String, Json.Obj> made = new LinkedHashMap<>();
        for (OdrlPolicy.Rule duty : policy.obligations()) {
            Json.Builder object = Json.object();
            for (OdrlPolicy.Constraint constraint : duty.constraints()) {
                boolean list = constraint.operator().equals("isAllOf");
                if (!list && !constraint.operator().equals("eq")) {
                    throw new MalformedException(
                            "odrl/constraint", Fields.shown(constraint.operator()) + " is not understood in a duty");
                }
                object.put(
                        ours(constraint.left()),
                        list
                                ? array(constraint)
                                : Json.parse(constraint.values().getFirst()));
            }
            String term = NATIVE.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(duty.action()))
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(duty.action());
            if (made.putIfAbsent(term, object.build()) != null) {
                throw new MalformedException("odrl/duty-twice", "two different duties " + Fields.shown(term));
            }
        }
        made.forEach((term, object) -> {
            if (term.equals("compensate")) {
                out.put(
                        PRICING,
                        object.get(PRICING)
                                .orElseThrow(() -> new MalformedException(
                                        "odrl/compensation", "compensate does not say tally:pricing")));
            } else {
                terms.put(NATIVE.containsKey(term) ? term : ours(term), lists(object));
            }
        });
    }

    /** One name where several could stand is a list of one. */
    private static Json.Obj lists(Json.Obj object) {
        Json.Builder out = Json.object();
        object.members()
                .forEach((member, value) -> out.put(
                        member,
                        Set.of("places", "verticals", "standards", "indemnifiers", "carveOuts")
                                                .contains(member)
                                        && value instanceof Json.Str
                                ? Json.array(List.of(value))
                                : value));
        return out.build();
    }

    private static Json array(OdrlPolicy.Constraint constraint) {
        return Json.array(constraint.values().stream().map(Json::parse).toList());
    }

    private static Json plain(Json value) {
        return value instanceof Json.Obj object ? object.get("@value").orElse(value) : value;
    }

    private static String ours(String name) {
        if (!name.startsWith("tally:")) {
            throw new MalformedException(
                    "odrl/word-unknown", Fields.shown(name) + " has no meaning in a data contract");
        }
        return name.substring("tally:".length());
    }

    private static String banned(String action) {
        if (action.startsWith("tally:")) {
            return ours(action);
        }
        return Optional.ofNullable(BANS.get(action))
                .orElseGet(() -> action.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(java.util.Locale.ROOT));
    }

    private static String bare(String iri, String prefix) {
        return iri.startsWith(prefix) ? iri.substring(prefix.length()) : iri;
    }

    private static String needed(Optional<String> value, String what) {
        return value.orElseThrow(() -> new MalformedException("odrl/" + what, "the policy has no " + what));
    }

    /** Two policies mean the same. */
    public static boolean same(Json.Obj one, Json.Obj other) {
        return normal(one).equals(normal(other));
    }

    /** The one spelling of a policy we write ourselves, as text. */
    public static String text(ContractDocument document) {
        return Jcs.text(write(document));
    }
}
