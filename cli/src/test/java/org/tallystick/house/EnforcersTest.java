package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tallystick.drafting.Clauses;
import org.tallystick.drafting.Enforcer;
import org.tallystick.drafting.Templates;

/** What the clause library says enforces a term is there; and nothing is named that enforces none. */
final class EnforcersTest {
    @Test
    void everyEnforcerIsAClassOfThisTree() {
        Set<String> classes = new HashSet<>();
        for (JavaClass type : Dependencies.ofClassPath().classes()) {
            classes.add(type.getName());
        }
        for (Enforcer enforcer : Enforcer.values()) {
            assertThat(classes).as(enforcer.words()).contains(enforcer.type());
        }
    }

    @Test
    void everyEnforcerEnforcesSomething() {
        Set<Enforcer> used = new HashSet<>();
        Map<String, String> answers = Map.of("dataset", "d", "buyer", "b", "curator", "c", "minimum", "5000");
        Clauses.of(Templates.find("exclusive-window")
                        .orElseThrow()
                        .draft(answers)
                        .terms())
                .forEach(clause -> clause.enforcement().forEach(enforcement -> used.add(enforcement.by())));
        assertThat(used).containsExactlyInAnyOrder(Enforcer.values());
    }
}
