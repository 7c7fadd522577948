package org.tallystick.protocol.terms;

import java.time.LocalDate;
import java.util.Optional;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Times;

/** Reads and writes the JSON form of each {@link UseTerm}. */
final class UseForm {
    private static final String UNLESS_PAID = "unlessPaid";

    private UseForm() {}

    static UseTerm.Renewal renewal(Fields fields) {
        return new UseTerm.Renewal(SharedMembers.period(fields, "period"), SharedMembers.period(fields, "notice"), (int)
                fields.integer("most", 1, 10));
    }

    static Json write(UseTerm.Renewal renewal) {
        return Json.object()
                .put("period", renewal.period().toString())
                .put("notice", renewal.notice().toString())
                .put("most", renewal.most())
                .build();
    }

    static UseTerm.Exclusivity exclusivity(Fields fields) {
        Optional<UseTerm.Reversion> reversion = fields.optionalFields("reversion")
                .map(item -> {
                    UseTerm.Reversion read = new UseTerm.Reversion(
                            SharedMembers.price(item, UNLESS_PAID), SharedMembers.period(item, "within"));
                    item.noOthers();
                    return read;
                });
        return new UseTerm.Exclusivity(
                fields.strings("places"),
                fields.strings("verticals"),
                fields.optionalText("from").map(text -> date(text, fields.path("from"))),
                SharedMembers.period(fields, "window"),
                reversion);
    }

    static Json write(UseTerm.Exclusivity exclusivity) {
        Json.Builder out = Json.object();
        if (!exclusivity.places().isEmpty()) {
            out.put("places", Json.strings(exclusivity.places()));
        }
        if (!exclusivity.verticals().isEmpty()) {
            out.put("verticals", Json.strings(exclusivity.verticals()));
        }
        exclusivity.from().ifPresent(day -> out.put("from", day.toString()));
        out.put("window", exclusivity.window().toString());
        exclusivity.reversion().ifPresent(reversion -> {
            Json.Builder item = Json.object();
            SharedMembers.price(item, UNLESS_PAID, reversion.unlessPaid());
            out.put(
                    "reversion",
                    item.put("within", reversion.within().toString()).build());
        });
        return out.build();
    }

    private static LocalDate date(String text, String where) {
        try {
            LocalDate day = Times.date(text);
            if (day.getYear() >= 2000) {
                return day;
            }
        } catch (MalformedException e) {
            throw new MalformedException("contract/exclusivity", where + " " + Fields.shown(text) + " is not a date");
        }
        throw new MalformedException(
                "contract/exclusivity", where + " " + Fields.shown(text) + " is not a date from 2000 to 9999");
    }

    static UseTerm.Sublicensing sublicensing(Fields fields) {
        return new UseTerm.Sublicensing(
                permission(fields, "sublicense"),
                permission(fields, "resale"),
                SharedMembers.flag(fields, "affiliates"));
    }

    static Json write(UseTerm.Sublicensing sublicensing) {
        return Json.object()
                .put("sublicense", sublicensing.sublicense().word())
                .put("resale", sublicensing.resale().word())
                .put("affiliates", sublicensing.affiliates())
                .build();
    }

    private static UseTerm.Permission permission(Fields fields, String member) {
        return Worded.of(UseTerm.Permission.class, fields.text(member), "permission", fields.path(member));
    }

    static UseTerm.Derivatives derivatives(Fields fields) {
        return new UseTerm.Derivatives(
                permission(fields, "commercial"),
                permission(fields, "weights"),
                fields.optionalNumber("royalty"),
                SharedMembers.flag(fields, "sameTerms"));
    }

    static Json write(UseTerm.Derivatives derivatives) {
        Json.Builder out = Json.object()
                .put("commercial", derivatives.commercial().word())
                .put("weights", derivatives.weights().word());
        derivatives.royalty().ifPresent(share -> out.put("royalty", Json.of(share)));
        return out.put("sameTerms", derivatives.sameTerms()).build();
    }

    static UseTerm.Exposure exposure(Fields fields) {
        return new UseTerm.Exposure(
                fields.integer("verbatimTokens", 0, 100_000),
                fields.number("similarity"),
                Worded.of(UseTerm.Action.class, fields.text("action"), "exposure", fields.path("action")));
    }

    static Json write(UseTerm.Exposure exposure) {
        return Json.object()
                .put("verbatimTokens", exposure.verbatimTokens())
                .put("similarity", Json.of(exposure.similarity()))
                .put("action", exposure.action().word())
                .build();
    }
}
