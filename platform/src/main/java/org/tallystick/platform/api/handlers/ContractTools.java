package org.tallystick.platform.api.handlers;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tallystick.drafting.ContractDiff;
import org.tallystick.drafting.Flag;
import org.tallystick.drafting.Linter;
import org.tallystick.drafting.PriceCalculator;
import org.tallystick.drafting.PriceQuestion;
import org.tallystick.drafting.Question;
import org.tallystick.drafting.Template;
import org.tallystick.drafting.Templates;
import org.tallystick.platform.api.dispatch.Answer;
import org.tallystick.platform.api.dispatch.Call;
import org.tallystick.platform.api.dispatch.Routes;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.ContractDocument;

/** Making and judging contracts before anyone signs: reads nothing and changes nothing here. */
public final class ContractTools {
    private static final String FOR_AN_HOUR = "public, max-age=3600";

    private final byte[] schema = resource("contract.schema.json");
    private final byte[] context = resource("contract.context.jsonld");

    public void bind(Routes routes) {
        routes.bind("contractTemplates", call -> Answer.ok(templates()))
                .bind("draftContract", ContractTools::draft)
                .bind("lintContract", call -> Answer.ok(lint(ContractDocument.parse(call.jsonObject("contract")))))
                .bind("diffContracts", ContractTools::diff)
                .bind(
                        "priceContract",
                        call -> Answer.ok(PriceCalculator.answer(PriceQuestion.read(call.json("price")))))
                .bind(
                        "contractSchema",
                        call -> Answer.bytes(200, "application/schema+json", schema)
                                .header("Cache-Control", FOR_AN_HOUR))
                .bind(
                        "contractContext",
                        call -> Answer.bytes(200, "application/ld+json", context)
                                .header("Cache-Control", FOR_AN_HOUR));
    }

    private static Json.Obj templates() {
        return Json.object()
                .put(
                        "templates",
                        Json.array(Templates.all().stream()
                                .map(template -> Json.object()
                                        .put("name", template.name())
                                        .put("summary", template.summary())
                                        .put(
                                                "questions",
                                                Json.array(template.questions().stream()
                                                        .map(ContractTools::question)
                                                        .toList()))
                                        .build())
                                .toList()))
                .build();
    }

    private static Json.Obj question(Question question) {
        return Json.object()
                .put("name", question.name())
                .put("ask", question.ask())
                .put("kind", question.kind().word())
                .putIfPresent("standard", question.standard())
                .build();
    }

    private static Answer draft(Call call) {
        Fields body = call.json("draft");
        String name = body.text("template", 64);
        Map<String, String> answers = new LinkedHashMap<>();
        body.fields("answers").object().members().forEach((question, value) -> {
            if (!(value instanceof Json.Str text)) {
                throw new MalformedException(
                        "json/wrong-type", "draft.answers." + Fields.shown(question) + " must be a string");
            }
            answers.put(question, text.value());
        });
        body.noOthers();
        Template template = Templates.find(name)
                .orElseThrow(() -> Problem.invalid(
                                "template/unknown", "Unknown template", "there is no template " + Fields.shown(name))
                        .asException());
        ContractDocument document = template.draft(answers).document();
        return Answer.ok(Json.object()
                .put("contract_id", document.id())
                .put("hash", document.hash().hex())
                .put("document", document.json())
                .put("flags", flags(document))
                .build());
    }

    private static Json.Obj lint(ContractDocument document) {
        return Json.object()
                .put("contract_id", document.id())
                .put("flags", flags(document))
                .build();
    }

    private static Json flags(ContractDocument document) {
        List<Json.Obj> flags = Linter.lint(document).stream().map(Flag::json).toList();
        return Json.array(flags);
    }

    private static Answer diff(Call call) {
        Fields body = call.json("diff");
        ContractDocument before = ContractDocument.parse(body.fields("before").object());
        ContractDocument after = ContractDocument.parse(body.fields("after").object());
        body.noOthers();
        return Answer.ok(ContractDiff.between(before, after).json());
    }

    private static byte[] resource(String name) {
        try (InputStream in = ContractDocument.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read", e);
        }
    }
}
