package org.tallystick.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tallystick.platform.api.dispatch.Caller;
import org.tallystick.platform.api.dispatch.Endpoint;
import org.tallystick.platform.api.dispatch.Policy;
import org.tallystick.platform.ingest.UploadReceipt;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;

/**
 * What is asked: every GET of the OpenAPI document that the platform serves, with things of the market for the parameters of
 * its path, a different one each time, and with the filters that make the most work.
 */
final class ApiTargets {
    private static final Pattern PATH = Pattern.compile("(?m)^  (/\\S*):\n((?:    .*\n|\n)*)");
    private static final Pattern GET = Pattern.compile("(?m)^    get:\n      operationId: (\\S+)$");
    private static final int AUDITORS = 8;

    private final ApiMarket market;
    private final HttpClient http;
    private final Map<String, String> paths = new LinkedHashMap<>();
    private final Map<String, List<String>> things = new HashMap<>();

    ApiTargets(ApiMarket market, HttpClient http) throws IOException, InterruptedException {
        this.market = market;
        this.http = http;
        Matcher path = PATH.matcher(get("operator", "/openapi.yaml"));
        while (path.find()) {
            Matcher operation = GET.matcher(path.group(2));
            if (operation.find()) {
                paths.put(operation.group(1), path.group(1));
            }
        }
        collect();
    }

    private void collect() throws IOException, InterruptedException {
        List<String> contracts = new ArrayList<>();
        List<String> jobs = new ArrayList<>();
        List<String> buyers = new ArrayList<>();
        for (int i = 0; i < market.scale().contracts(); i++) {
            contracts.add("c-" + i);
            jobs.add("job-" + i);
            buyers.add("buyer-" + i);
        }
        things.put("contract", contracts);
        things.put("job", jobs);
        things.put("buyer", buyers);
        things.put("party", List.of("curator", "uploader", "auditor-1"));
        things.put("root", market.roots().stream().map(Hash::hex).toList());
        things.put(
                "manifest",
                market.uploads().stream().map(UploadReceipt::manifestId).toList());
        things.put(
                "content",
                market.uploads().stream().map(one -> one.content().toString()).toList());
        things.put("statement", ids("/statements?limit=200"));
        things.put("invoice", ids("/invoices?limit=200"));
        things.put("model", List.of("bench"));
        things.put("edge", List.of("1"));
        things.put("epoch", List.of("1"));
        things.put("negotiation", List.of("ng-none"));
        things.put("keys", List.of("0".repeat(64)));
        things.put("tile", List.of("0/000"));
        things.put("account", accounts());
        List<String> refs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            refs.add(one("statement", i));
            refs.add(one("statement", i) + "/1");
            refs.add(one("invoice", i));
            refs.add("r-1-1-" + (i + 1));
        }
        things.put("ref", refs);
    }

    private String one(String kind, int number) {
        List<String> all = Optional.ofNullable(things.get(kind)).orElseThrow();
        return all.get(number % all.size());
    }

    private List<String> ids(String path) throws IOException, InterruptedException {
        return object(path).objects("items").stream()
                .map(item -> item.text("id"))
                .toList();
    }

    private List<String> accounts() throws IOException, InterruptedException {
        return object("/ledger/trial-balance?limit=200").objects("accounts").stream()
                .map(account -> account.text("account"))
                .toList();
    }

    private Fields object(String path) throws IOException, InterruptedException {
        return Fields.of(Json.parse(get("auditor-0", path)), path);
    }

    private String get(String who, String path) throws IOException, InterruptedException {
        return http.send(request(who, path), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The operations there are, in the order of the document. */
    List<String> operations() {
        return List.copyOf(paths.keySet());
    }

    /** A request for an operation. */
    HttpRequest request(String operation, SplittableRandom random) {
        String path = Optional.ofNullable(paths.get(operation)).orElseThrow();
        Matcher parameter = Pattern.compile("\\{([a-z]+)}").matcher(path);
        StringBuilder filled = new StringBuilder();
        while (parameter.find()) {
            List<String> all =
                    Optional.ofNullable(things.get(parameter.group(1))).orElseThrow();
            String name = operation.equals("orders") ? "job-0" : all.get(random.nextInt(all.size()));
            parameter.appendReplacement(filled, name);
        }
        parameter.appendTail(filled);
        String tile = operation.equals("entries") ? filled.toString().replace("0/000", "000") : filled.toString();
        return request(caller(operation, random), tile + query(operation, random));
    }

    private String query(String operation, SplittableRandom random) {
        List<String> contracts = Optional.ofNullable(things.get("contract")).orElseThrow();
        int number = random.nextInt(contracts.size());
        return switch (operation) {
            case "usageMetrics" -> "?detail=works&contract_id=" + contracts.get(number);
            case "modelTerms" -> "?buyer=buyer-" + number;
            case "searchDatasets" -> random.nextBoolean() ? "?q=works" : "?limit=200";
            case "statements" -> random.nextBoolean() ? "?limit=200" : "?party=creator-" + number;
            case "invoices" -> random.nextBoolean() ? "?limit=200" : "?contract_id=" + contracts.get(number);
            case "trialBalance" ->
                "?limit=200&cursor=" + URLEncoder.encode("escrow:c-" + number, StandardCharsets.UTF_8);
            case "datasetMembers" ->
                "?limit=1000&cursor=" + random.nextInt(market.scale().worksOf());
            default -> "";
        };
    }

    /** One of several auditors wherever an auditor may ask, so that no one party asks more than one may. */
    private static String caller(String operation, SplittableRandom random) {
        Endpoint endpoint =
                Optional.ofNullable(Policy.endpoints().get(operation)).orElseThrow();
        if (endpoint.callers().contains(Caller.AUDITOR)) {
            return "auditor-" + random.nextInt(AUDITORS);
        }
        return endpoint.callers().contains(Caller.OPERATOR) ? "operator" : "buyer-0";
    }

    private HttpRequest request(String who, String path) {
        return HttpRequest.newBuilder(URI.create(market.uri() + path))
                .header("Authorization", "Bearer " + market.key(who))
                .build();
    }
}
