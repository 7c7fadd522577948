package org.tallystick.protocol.statement;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.pricing.Exact;
import org.tallystick.protocol.pricing.Micros;
import org.tallystick.protocol.pricing.Worth;

/** Makes a changed paper agree with itself, as a platform that lies would: ids, lines, sums, what is posted, totals. */
final class Consistent {
    private Consistent() {}

    /**
     * @param sums whether amounts are computed anew too, and not the id alone; left as they are where they cannot be
     */
    static Json.Obj of(Json.Obj paper, boolean sums) {
        Json.Obj summed = paper;
        if (sums) {
            try {
                summed = paper.get("invoice").isPresent() ? invoice(paper) : statement(paper);
            } catch (MalformedException
                    | ClassCastException
                    | ArithmeticException
                    | NumberFormatException
                    | java.util.NoSuchElementException e) {
                summed = paper; // not a paper any more
            }
        }
        return identified(summed);
    }

    private static Json.Obj identified(Json.Obj paper) {
        try {
            return paper.get("invoice").isPresent()
                    ? paper.with(
                            "invoice",
                            Json.of(Invoice.id(
                                    text(paper, "platform"), text(paper, "period"), text(paper, "contract"))))
                    : paper.with(
                            "statement",
                            Json.of(Statement.id(
                                    text(paper, "platform"),
                                    text(paper, "period"),
                                    text(paper, "party"),
                                    text(paper, "currency"))));
        } catch (ClassCastException | java.util.NoSuchElementException e) {
            return paper;
        }
    }

    private static Json.Obj statement(Json.Obj paper) {
        List<Json> lines = new ArrayList<>();
        for (Json item : items(paper, "lines")) {
            Json.Obj line = (Json.Obj) item;
            boolean flat = line.get("of").isPresent();
            Exact exact = new Worth(
                            decimal(line, "unit_price"),
                            decimal(line, "fee"),
                            decimal(line, "share"),
                            count(line, "uses"),
                            flat ? count(line, "of") : 0)
                    .exact();
            lines.add(line.with("line", Json.of(lines.size() + 1))
                    .with("exact", Json.of(signed(line, exact).toString())));
        }
        List<Json> totals = new ArrayList<>();
        BigInteger all = BigInteger.ZERO;
        for (Json item : items(paper, "contracts")) {
            Json.Obj total = (Json.Obj) item;
            Exact sum = Exact.ZERO;
            for (Json line : lines) {
                if (((Json.Obj) line).get("contract").equals(total.get("contract"))) {
                    sum = sum.plus(Exact.parse(text((Json.Obj) line, "exact"), "x"));
                }
            }
            Exact before = Exact.parse(text(total, "exact_before"), "x");
            BigInteger posted = before.plus(sum).floorMicros().subtract(before.floorMicros());
            all = all.add(posted);
            totals.add(total.with("exact", Json.of(sum.toString()))
                    .with("posted_before", Json.of(Statement.micros(before.floorMicros())))
                    .with("posted", Json.of(Statement.micros(posted))));
        }
        return paper.with("lines", Json.array(lines))
                .with("contracts", Json.array(totals))
                .with("total", Json.of(Statement.micros(all)));
    }

    private static Json.Obj invoice(Json.Obj paper) {
        List<Json> lines = new ArrayList<>();
        Exact sum = Exact.ZERO;
        for (Json item : items(paper, "lines")) {
            Json.Obj line = (Json.Obj) item;
            boolean flat = text(line, "kind").equals("flat");
            Exact price = Exact.of(decimal(line, "unit_price"));
            Exact exact = signed(line, flat ? price : price.times(count(line, "uses")));
            sum = sum.plus(exact);
            lines.add(line.with("line", Json.of(lines.size() + 1)).with("exact", Json.of(exact.toString())));
        }
        Exact before = Exact.parse(text(paper, "exact_before"), "x");
        BigInteger charged = before.plus(sum).floorMicros().subtract(before.floorMicros());
        BigInteger escrow =
                new BigDecimal(text(paper, "from_escrow")).setScale(6).unscaledValue();
        return paper.with("lines", Json.array(lines))
                .with("exact", Json.of(sum.toString()))
                .with("charged_before", Json.of(Micros.text(before.floorMicros(), 2)))
                .with("charged", Json.of(Micros.text(charged, 2)))
                .with("total", Json.of(Micros.text(charged, 2)))
                .with("due", Json.of(Micros.text(charged.subtract(escrow), 2)));
    }

    private static Exact signed(Json.Obj line, Exact exact) {
        return text(line, "kind").equals("withdrawal") ? exact.negated() : exact;
    }

    private static List<Json> items(Json.Obj object, String name) {
        return ((Json.Arr) object.get(name).orElseThrow()).items();
    }

    private static String text(Json.Obj object, String name) {
        return ((Json.Str) object.get(name).orElseThrow()).value();
    }

    private static BigDecimal decimal(Json.Obj object, String name) {
        return new BigDecimal(text(object, name));
    }

    private static long count(Json.Obj object, String name) {
        return new BigDecimal(object.get(name).orElseThrow().toString()).longValueExact();
    }
}
