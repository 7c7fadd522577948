package org.tallystick.platform.settlement.closing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The closes of {@code closes.txt} in memory, which a platform with its database goes through too, and more about debts,
 * rounding and order. Of what is taken back here a {@code pay} has often emptied the account before.
 */
class CloseRulesTest {
    private static final String MORE = """
            == a debt is taken once, whichever of the payee's contracts earns
            contract c1 0.005 USD fee 0 creators=1
            contract c2 0.005 USD fee 0 creators=1
            use a c1 job-1 w0
            ship a
            close p1
            pay creator-42 0.005
            void a c1 job-1 w0
            ship a
            close p2
            balance recoverable:creator-42=-0.005 payable:creator-42=0.00
            use a c1 job-1 w1
            use a c2 job-2 w1
            ship a
            close p3
            balance recoverable:creator-42=0.00 payable:creator-42=0.005

            == a debt greater than what one contract earns is taken from both
            contract c1 0.005 USD fee 0 creators=1
            contract c2 0.005 USD fee 0 creators=1
            use a c1 job-1 w0 w1 w2
            ship a
            close p1
            pay creator-42 0.015
            void a c1 job-1 w0 w1 w2
            ship a
            close p2
            balance recoverable:creator-42=-0.015
            use a c1 job-1 w3
            use a c2 job-2 w3
            ship a
            close p3
            balance recoverable:creator-42=-0.005 payable:creator-42=0.00

            == what is taken back empties the account once, and the rest is owed
            contract c1 0.005 USD fee 0 creators=1
            contract c2 0.005 USD fee 0 creators=1
            use a c1 job-1 w0
            use a c2 job-2 w0
            ship a
            close p1
            pay creator-42 0.004
            balance payable:creator-42=0.006
            void a c1 job-1 w0
            void a c2 job-2 w0
            ship a
            close p2
            balance payable:creator-42=0.00 recoverable:creator-42=-0.004 receivable:c1=0.00 receivable:c2=0.00

            == escrow is given back only past the debt, and is there for the next bill
            contract c1 0.005 USD fee 0.1 creators=1
            fund c1 0.006 wire-1
            use a c1 job w0 w1
            ship a
            close p1
            invoice p1 c1 charged 0.01 escrow 0.006 due 0.004
            bill p1 c1: usage job 2 0.01 = 0.01, fee 0.001
            void a c1 job w0 w1
            ship a
            close p2
            invoice p2 c1 charged -0.01 escrow -0.006 due -0.004
            bill p2 c1: withdrawal job 2 -0.01 used in p1 = -0.01, fee -0.001
            balance escrow:c1=0.006 receivable:c1=0.00 fee:USD=0.00 payable:creator-42=0.00
            use b c1 job w0
            ship b
            close p3
            invoice p3 c1 charged 0.005 escrow 0.005 due 0.00
            balance escrow:c1=0.001 fee:USD=0.0005

            == a bill names jobs in their order, this period before earlier ones, and then what is given back
            contract c1 0.005 USD fee 0 creators=1
            use prompt c1 job-b w0 w1
            use slow c1 job-a w0
            ship prompt
            close p1
            bill p1 c1: usage job-b 2 0.01 = 0.01, fee 0
            use prompt c1 job-a w5
            void prompt c1 job-b w1
            ship prompt slow
            close p2
            bill p2 c1: usage job-a 1 0.005; adjustment job-a 1 0.005 used in p1; withdrawal job-b 1 -0.005 used in p1 = 0.005, fee 0
            lines p2 creator-42: adjustment creator 1 0.005 corrects p1; withdrawal creator 1 -0.005 corrects p1/1
            lines p2 creator-43: usage creator 1 0.005

            == what is given back names the line of its own contract, job, scope and basis
            contract c1 0.01 USD fee 0 creators=0.5,creator-42=0.5
            contract c2 0.01 USD fee 0 creators=1
            use a c2 job-1 w0
            use a c1 job-2 w0
            use a c1 embed-3 w0
            use a c1 job-4 w0
            ship a
            close p1
            lines p1 creator-42: usage creator 1 0.005; usage recipient 1 0.005; usage creator 1 0.005; usage recipient 1 0.005; usage creator 1 0.005; usage recipient 1 0.005; usage creator 1 0.01
            void a c1 job-4 w0
            void a c2 job-1 w0
            ship a
            close p2
            lines p2 creator-42: withdrawal creator 1 -0.005 corrects p1/5; withdrawal recipient 1 -0.005 corrects p1/6; withdrawal creator 1 -0.01 corrects p1/7

            == billed, given back and billed again: what is withdrawn then is the second bill
            contract c1 0.005 USD fee 0 creators=1
            use a c1 job w0
            ship a
            close p1
            void a c1 job w0
            ship a
            close p2
            use a c1 job w0
            ship a
            close p3
            lines p3 creator-42: usage creator 1 0.005
            void a c1 job w0
            ship a
            close p4
            lines p4 creator-42: withdrawal creator 1 -0.005 corrects p3/1
            bill p4 c1: withdrawal job 1 -0.005 used in p3 = -0.005, fee 0
            close p5
            lines p5 creator-42:
            balance payable:creator-42=0.00 receivable:c1=0.00

            == a flat price that is shared by works, then nothing more
            contract c1 10 USD fee 0.1 creators=1 flat
            close p1
            bill p1 c1: flat - 8 10 = 10, fee 1
            close p2
            bill p2 c1:  = 0, fee 0
            lines p2 creator-43:
            balance payable:creator-42=4.50 payable:creator-43=4.50 receivable:c1=-10.00

            == a curator without a share and a recipient without uses are told that nothing was used
            contract c1 0.005 USD fee 0 creators=0.5,label-9=0.5
            close p1
            lines p1 curator-11:
            lines p1 label-9:
            lines p1 creator-42:
            invoice p1 c1 charged 0.00 escrow 0.00 due 0.00

            == sets are billed in the order of contract, job and scope, in whatever order they were used
            contract c1 0.005 USD fee 0 creators=1
            use a c1 job-c w0
            use a c1 embed-x w0 w1 w2 w3
            use a c1 job-a w0 w1
            use a c1 job-b w0 w1 w2
            ship a
            close p1
            bill p1 c1: usage embed-x 4 0.02; usage job-a 2 0.01; usage job-b 3 0.015; usage job-c 1 0.005 = 0.05, fee 0

            == a price of nothing leaves lines that say so
            contract c1 0 USD fee 0.1 creators=1
            use a c1 job w0
            ship a
            close p1
            bill p1 c1: usage job 1 0 = 0, fee 0
            lines p1 creator-42: usage creator 1 0
            balance payable:creator-42=none

            == fees are floored as a sum, as amounts are
            contract c1 0.000001 USD fee 0.4 creators=1
            use a c1 job w0
            ship a
            close p1
            balance fee:USD=none payable:creator-42=none residue:c1=0.000001
            use a c1 job w1 w2
            ship a
            close p2
            balance fee:USD=0.000001 payable:creator-42=0.000001 residue:c1=0.000001
            void a c1 job w1 w2
            ship a
            close p3
            balance fee:USD=0.00 payable:creator-42=0.00 residue:c1=0.000001
            """;

    static Stream<Named<String>> closes() throws IOException {
        try (InputStream in = Objects.requireNonNull(CloseRulesTest.class.getResourceAsStream("/closes.txt"))) {
            return cases(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static Stream<Named<String>> more() {
        return cases(MORE);
    }

    private static Stream<Named<String>> cases(String text) {
        List<Named<String>> cases = new ArrayList<>();
        for (String part : text.split("(?m)^== ")) {
            int end = part.indexOf('\n');
            if (!part.isBlank() && !part.startsWith("#")) {
                cases.add(Named.of(part.substring(0, end), part.substring(end)));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource({"closes", "more"})
    void aCloseComesToWhatTheTableSays(String script) {
        new CloseModel().run(script);
    }

    @Test
    void thePapersOfACloseDoNotDependOnWhatElseIsClosed() {
        CloseModel alone = new CloseModel();
        String one = "contract c1 0.005 USD fee 0 creators=1\nuse a c1 job w0\nship a\n";
        alone.run(one + "close p1");
        CloseModel beside = new CloseModel();
        beside.run(one + "contract c2 0.005 USD fee 0 creators=1\nuse a c2 job w5\nship a\nclose p1");
        assertThat(beside.invoices()).hasSize(2).containsAll(alone.invoices());
    }
}
