package org.tallystick.drafting;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Times;
import org.tallystick.protocol.terms.ContractPayout;
import org.tallystick.protocol.terms.Pricing;

/** The answers to a template's questions as values; what cannot be read is refused with the question's name. */
final class Answers {
    private static final int MAX_ANSWER = 4_000;

    private final Map<String, String> values = new TreeMap<>();

    Answers(Template template, Map<String, String> given) {
        List<String> missing = new ArrayList<>();
        for (Question question : template.questions()) {
            Optional<String> answer =
                    Optional.ofNullable(given.get(question.name())).or(question::standard);
            answer.ifPresentOrElse(text -> values.put(question.name(), text), () -> missing.add(question.name()));
        }
        for (Map.Entry<String, String> one : given.entrySet()) {
            if (!values.containsKey(one.getKey())) {
                throw new MalformedException(
                        "template/answer-unknown",
                        "template " + template.name() + " does not ask for " + Fields.shown(one.getKey()));
            }
            if (one.getValue().length() > MAX_ANSWER) {
                throw fault(one.getKey(), "has more than " + MAX_ANSWER + " characters");
            }
        }
        if (!missing.isEmpty()) {
            throw new MalformedException(
                    "template/answer-missing",
                    "template " + template.name() + " also needs " + String.join(", ", missing));
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name) {
        return Optional.ofNullable(values.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no question " + name));
    }

    Optional<String> optional(String name) {
        return Optional.of(text(name)).filter(text -> !text.isBlank());
    }

    Pricing.Price price(String name) {
        return new Pricing.Price(text("currency"), number(name));
    }

    BigDecimal number(String name) {
        String text = text(name);
        if (!text.matches("[0-9]{1,12}(\\.[0-9]{1,12})?")) {
            throw fault(name, Fields.shown(text) + " is not a number such as 0.005 or 1200");
        }
        return new BigDecimal(text);
    }

    long count(String name) {
        String text = text(name);
        if (!text.matches("[0-9]{1,15}")) {
            throw fault(name, Fields.shown(text) + " is not a whole number");
        }
        return Long.parseLong(text);
    }

    Period period(String name) {
        String text = text(name);
        try {
            Period period = Period.parse(text);
            if (!period.isZero() && !period.isNegative()) {
                return period;
            }
        } catch (DateTimeException e) {
            throw fault(name, Fields.shown(text) + " is not an ISO 8601 period such as P1Y or P30D");
        }
        throw fault(name, Fields.shown(text) + " is not above zero");
    }

    Optional<LocalDate> date(String name) {
        return optional(name).map(text -> {
            try {
                return Times.date(text);
            } catch (MalformedException e) {
                throw fault(name, Fields.shown(text) + " is not a date such as 2026-03-01");
            }
        });
    }

    Optional<Hash> hash(String name) {
        return optional(name).map(text -> {
            try {
                return Hash.ofHex(text);
            } catch (MalformedException e) {
                throw fault(name, Fields.shown(text) + " is not 64 lower-case hexadecimal digits");
            }
        });
    }

    List<String> list(String name) {
        return optional(name).stream()
                .flatMap(text -> List.of(text.split("\\s*,\\s*")).stream())
                .filter(item -> !item.isBlank())
                .toList();
    }

    /** {@code recipient=share} pairs; a recipient {@code curator} is the contract's own. */
    List<ContractPayout.Split> splits(String name, Optional<String> curator) {
        List<ContractPayout.Split> splits = new ArrayList<>();
        for (String pair : list(name)) {
            int at = pair.lastIndexOf('=');
            if (at < 1 || !pair.substring(at + 1).matches("[01](\\.[0-9]{1,12})?")) {
                throw fault(name, Fields.shown(pair) + " is not recipient=share, such as creators=0.8");
            }
            String recipient = pair.substring(0, at);
            splits.add(new ContractPayout.Split(
                    recipient.equals("curator") ? curator.orElse("curator") : recipient,
                    new BigDecimal(pair.substring(at + 1))));
        }
        return splits;
    }

    private static MalformedException fault(String name, String what) {
        return new MalformedException("template/answer", "--" + name + " " + what);
    }
}
