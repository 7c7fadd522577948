package org.tallystick.house;

import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePathScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.lang.model.type.TypeKind;
import org.jspecify.annotations.Nullable;

/** Calls and types that are not written here, each with what to write instead. */
final class Banned {
    /** The rooms in which an amount could meet a floating-point number. */
    private static final List<String> NEAR_MONEY = List.of("kernel", "rating", "ledger", "settlement", "payout");

    /**
     * @param written how it stands in the source
     * @param where in which sources it is banned
     * @param instead what to write
     */
    private record Rule(String written, Predicate<SourceTree.Source> where, String instead) {}

    private static final List<Rule> RULES = List.of(
            new Rule("System.currentTimeMillis", Banned::everywhere, "take an InstantSource and ask it"),
            new Rule("Instant.now", Banned::inMain, "take an InstantSource and ask it"),
            new Rule("LocalDate.now", Banned::everywhere, "take an InstantSource and convert its instant in UTC"),
            new Rule("LocalDateTime.now", Banned::everywhere, "take an InstantSource and convert its instant in UTC"),
            new Rule(
                    "Clock.systemDefaultZone",
                    Banned::everywhere,
                    "use InstantSource.system(), and only where a process starts"),
            new Rule("System.out", outside("cli", "bench"), "return the text, or log it through slf4j"),
            new Rule("System.err", outside("cli", "bench"), "log it through slf4j"),
            new Rule("System.exit", outside("cli", "bench"), "throw, and let the command choose the exit code"),
            new Rule(
                    "DateTimeFormatter.RFC_1123_DATE_TIME",
                    Banned::everywhere,
                    "a pattern with dd: HTTP's dates have two digits for the day"),
            new Rule("Math.random", Banned::everywhere, "take a seeded java.util.random.RandomGenerator"),
            new Rule("Thread.stop", Banned::everywhere, "interrupt it"));

    private static final Map<String, String> METHODS = Map.of(
            "printStackTrace", "log the exception through slf4j with a sentence of what was being done",
            "runFinalization", "close what you open");

    private static final Map<String, String> MADE = Map.of(
            "UnsupportedOperationException", "leave the method out of the type, or build it",
            "Date", "java.time.Instant",
            "Random", "a seeded java.util.random.RandomGenerator that a test can replay");

    /** Columns that hold money, of type {@code numeric}: read as 64 bits, a great amount fails or wraps round. */
    private static final Set<String> MONEY_COLUMNS = Set.of(
            "amount",
            "change",
            "charged",
            "credits",
            "debits",
            "fee_posted",
            "minimum_micros",
            "most",
            "posted",
            "total");

    private Banned() {}

    private static boolean everywhere(SourceTree.Source source) {
        return true;
    }

    private static boolean inMain(SourceTree.Source source) {
        return !source.test();
    }

    private static Predicate<SourceTree.Source> outside(String... modules) {
        List<String> allowed = List.of(modules);
        return source -> !source.test() && !allowed.contains(source.module());
    }

    /** Every banned thing in a source, as {@code file:line: what; write … instead}. */
    static List<String> findings(SourceTree.Source source) {
        List<String> findings = new ArrayList<>();
        new Scanner(source, findings).scan(source.tree(), null);
        return findings;
    }

    private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
        private final SourceTree.Source source;
        private final List<String> findings;
        private final boolean nearMoney;

        Scanner(SourceTree.Source source, List<String> findings) {
            this.source = source;
            this.findings = findings;
            String packageName = source.packageName();
            this.nearMoney = !source.test()
                    && (packageName.equals("org.tallystick.protocol.pricing")
                            || packageName.equals("org.tallystick.protocol.statement")
                            || NEAR_MONEY.stream()
                                    .anyMatch(room ->
                                            (packageName + ".").startsWith("org.tallystick.platform." + room + ".")));
        }

        @Override
        public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void none) {
            String written = select.toString();
            for (Rule rule : RULES) {
                boolean names = written.equals(rule.written()) || written.endsWith("." + rule.written());
                if (names && rule.where().test(source)) {
                    report(select, rule.written(), rule.instead());
                }
            }
            return super.visitMemberSelect(select, null);
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void none) {
            if (call.getMethodSelect() instanceof MemberSelectTree select) {
                String method = select.getIdentifier().toString();
                String instead = METHODS.get(method);
                boolean shown =
                        method.equals("printStackTrace") && source.path().endsWith("shell/Terminal.java");
                if (instead != null && !shown) {
                    report(call, method, instead);
                }
                if (method.equals("getMessage")
                        && call.getArguments().isEmpty()
                        && !source.test()
                        && !source.path().endsWith("codec/Reasons.java")) {
                    report(call, method, "Reasons.of(failure): Java's messages may be null, or a path and no reason");
                }
                narrow(call, method);
            }
            return super.visitMethodInvocation(call, null);
        }

        /** Amounts of money have no fixed width: whatever makes one a number of 64 bits is banned near them. */
        private void narrow(MethodInvocationTree call, String method) {
            boolean column = method.equals("getLong")
                    && call.getArguments().size() == 1
                    && call.getArguments().getFirst() instanceof LiteralTree literal
                    && MONEY_COLUMNS.contains(String.valueOf(literal.getValue()));
            if (nearMoney && (column || method.equals("longValueExact"))) {
                report(call, method, "Numerics.whole, and BigInteger from there on");
            }
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void none) {
            if (nearMoney && literal.getValue() instanceof String text && text.contains("::bigint")) {
                report(literal, "::bigint", "numeric, whose width is bounded by a check");
            }
            return super.visitLiteral(literal, null);
        }

        @Override
        public @Nullable Void visitNewClass(NewClassTree made, @Nullable Void none) {
            if (made.getIdentifier() instanceof IdentifierTree name) {
                String type = name.getName().toString();
                String instead = MADE.get(type);
                boolean seeded = type.equals("Random") && !made.getArguments().isEmpty();
                if (instead != null && !seeded) {
                    report(made, "new " + type, instead);
                }
            }
            return super.visitNewClass(made, null);
        }

        @Override
        public @Nullable Void visitPrimitiveType(PrimitiveTypeTree type, @Nullable Void none) {
            TypeKind kind = type.getPrimitiveTypeKind();
            if (nearMoney && (kind == TypeKind.DOUBLE || kind == TypeKind.FLOAT)) {
                report(
                        type,
                        kind.toString().toLowerCase(java.util.Locale.ROOT),
                        "pricing.Exact in whole e, or Money in whole micros");
            }
            return super.visitPrimitiveType(type, null);
        }

        private void report(Tree at, String what, String instead) {
            long line = source.lineMap().getLineNumber(source.positions().getStartPosition(source.tree(), at));
            findings.add(source.path() + ":" + line + ": " + what + "; write instead: " + instead);
        }
    }
}
