package org.tallystick.drafting;

import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.UseTerm;

/**
 * A random ODRL policy together with what it permits, decided while it is built and by nothing that the import uses. Reaches
 * into every way of limiting: nested and, or and xone, members beside them, refinements, bans, second constraints.
 */
final class RandomPolicy {
    private static final List<String> USES = List.of("model-training", "embedding", "evaluation");
    private static final List<String> PLACES = List.of("DE", "FR", "US");
    private static final List<String> PURPOSES = List.of("research", "commercial-products");
    private static final List<Integer> MONTHS = List.of(3, 9, 18);

    /** One use that somebody wants to make. */
    record Request(String use, String place, String purpose, int month) {}

    /** A part of a policy, and which requests it lets pass. */
    private record Limit(Json json, Predicate<Request> passes) {}

    private record Rule(Json json, String use, Predicate<Request> limits) {}

    private final SplittableRandom random;
    private final List<Rule> permissions = new ArrayList<>();
    private final List<Rule> prohibitions = new ArrayList<>();
    private final Json.Obj json;

    RandomPolicy(SplittableRandom random) {
        this.random = random;
        List<Limit> common = limits();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            permissions.add(permission(one(USES), random.nextInt(4) == 0 ? limits() : common));
        }
        if (random.nextInt(3) == 0) {
            String act = one(List.of("use", "derive", "sell", "tally:embedding", "reproduce"));
            boolean all = !act.equals("sell") && !act.equals("tally:embedding");
            String use = act.equals("tally:embedding") ? "embedding" : all ? "" : "none";
            prohibitions.add(new Rule(Json.object().put("action", act).build(), use, request -> true));
        }
        Json.Builder out = Json.object()
                .put("@context", "http://www.w3.org/ns/odrl.jsonld")
                .put("@type", "Set")
                .put("uid", "urn:x:1")
                .put("target", "urn:y:1")
                .put(
                        "permission",
                        Json.array(permissions.stream().map(Rule::json).toList()))
                .put(
                        "prohibition",
                        Json.array(prohibitions.stream().map(Rule::json).toList()));
        out.put(
                "tally:payout",
                parse("{\"@type\": \"@json\", \"@value\": {\"type\": \"monthly-reconciliation\","
                        + " \"split\": [{\"recipientId\": \"creators\", \"share\": 1}]}}"));
        out.put(
                "obligation",
                parse("[{\"action\": \"compensate\", \"constraint\": [{\"leftOperand\":"
                        + " \"tally:pricing\", \"operator\": \"eq\", \"rightOperand\": {\"@type\": \"@json\", \"@value\":"
                        + " {\"model\": \"flat\", \"unit\": \"contract\", \"pricePerUnitUsd\": 1}}}]}]"));
        this.json = out.build();
    }

    Json.Obj json() {
        return json;
    }

    /** What the policy itself says of a request. */
    boolean permits(Request request) {
        boolean given = permissions.stream()
                .anyMatch(rule ->
                        rule.use().equals(request.use()) && rule.limits().test(request));
        boolean taken = prohibitions.stream()
                .anyMatch(rule -> rule.use().isEmpty() || rule.use().equals(request.use()));
        return given && !taken;
    }

    /** What a contract says of it. */
    static boolean permits(ContractDocument contract, Request request) {
        List<String> places = contract.license().regions();
        var purposes = contract.terms().get(UseTerm.Grant.class).purposes();
        Period life = contract.license().duration();
        return contract.license().permitted().stream()
                        .anyMatch(use -> use.word().equals(request.use()))
                && (places.isEmpty() || places.contains(request.place()))
                && (purposes.isEmpty()
                        || purposes.stream().anyMatch(purpose -> purpose.word().equals(request.purpose())))
                && request.month() <= life.toTotalMonths();
    }

    static List<Request> requests() {
        List<Request> all = new ArrayList<>();
        for (String use : USES) {
            for (String place : PLACES) {
                PURPOSES.forEach(purpose -> MONTHS.forEach(month -> all.add(new Request(use, place, purpose, month))));
            }
        }
        return all;
    }

    private Rule permission(String use, List<Limit> limits) {
        Json.Builder rule = Json.object();
        Json action = Json.of("tally:" + use);
        List<Limit> all = new ArrayList<>(limits);
        if (random.nextInt(6) == 0) {
            Limit refined = place();
            all.add(refined);
            action = Json.object()
                    .put("rdf:value", Json.object().put("@id", "tally:" + use).build())
                    .put("refinement", Json.array(List.of(refined.json())))
                    .build();
        }
        rule.put("action", action);
        rule.put("constraint", Json.array(limits.stream().map(Limit::json).toList()));
        return new Rule(
                rule.build(),
                use,
                request -> all.stream().allMatch(limit -> limit.passes().test(request)));
    }

    private List<Limit> limits() {
        List<Limit> all = new ArrayList<>();
        all.add(duration());
        for (int i = random.nextInt(3); i > 0; i--) {
            all.add(random.nextInt(3) > 0 ? simple() : logic());
        }
        return all;
    }

    private Limit simple() {
        return switch (random.nextInt(6)) {
            case 0, 1, 2 -> place();
            case 3, 4 -> purpose();
            default -> duration();
        };
    }

    private Limit logic() {
        String word = one(List.of("and", "or", "xone"));
        List<Limit> parts = new ArrayList<>();
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            parts.add(random.nextInt(4) == 0 ? logic() : simple());
        }
        Json.Builder out = Json.object()
                .put(word, Json.array(parts.stream().map(Limit::json).toList()));
        Predicate<Request> passes = request -> {
            long met =
                    parts.stream().filter(part -> part.passes().test(request)).count();
            return switch (word) {
                case "and" -> met == parts.size();
                case "or" -> met > 0;
                default -> met == 1;
            };
        };
        if (random.nextInt(4) > 0) {
            return new Limit(out.build(), passes);
        }
        Limit beside = place();
        ((Json.Obj) beside.json()).members().forEach(out::put);
        return new Limit(out.build(), passes.and(beside.passes()));
    }

    private Limit place() {
        String operator = one(List.of("eq", "isAnyOf", "isNoneOf", "neq"));
        List<String> named = List.of(one(PLACES));
        boolean not = operator.equals("isNoneOf") || operator.equals("neq");
        return new Limit(
                constraint("spatial", operator, Json.strings(named)),
                request -> named.contains(request.place()) != not);
    }

    private Limit purpose() {
        List<String> named = random.nextBoolean() ? PURPOSES : List.of(one(PURPOSES));
        return new Limit(
                constraint("purpose", "isAnyOf", Json.strings(named)), request -> named.contains(request.purpose()));
    }

    private Limit duration() {
        int months = one(List.of(6, 12));
        boolean exactly = random.nextInt(8) == 0;
        return new Limit(
                constraint("elapsedTime", exactly ? "eq" : "lteq", Json.of("P" + months + "M")),
                request -> exactly ? request.month() == months : request.month() <= months);
    }

    private static Json constraint(String left, String operator, Json right) {
        return Json.object()
                .put("leftOperand", left)
                .put("operator", operator)
                .put("rightOperand", right)
                .build();
    }

    private static Json parse(String text) {
        return Json.parse(text);
    }

    private <T> T one(List<T> items) {
        return items.get(random.nextInt(items.size()));
    }
}
