package org.tallystick.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;
import org.tallystick.platform.db.Database;

/** A thread has one transaction at a time: who is handed one reads through it, and opens no other. */
final class TransactionsTest {
    @Test
    void noneIsOpenedInsideAnother() {
        Transactions transactions = Transactions.of(Dependencies.ofClassPath().classes().stream()
                .filter(type -> Dependencies.roomOf(type).isPresent())
                .toList());
        assertThat(transactions.methodsInside()).isGreaterThan(100);
        assertThat(transactions.nested())
                .as("pass the transaction on, or load before it begins")
                .isEmpty();
    }

    /** Offences as they are met: in a lambda, and in a method that a lambda calls. */
    static final class Planted {
        private final Database database;

        Planted(Database database) {
            this.database = database;
        }

        int inALambda() {
            return database.read(tx -> count());
        }

        int count() {
            return database.read(tx -> 1);
        }

        int oneAfterAnother() {
            return count() + database.write(tx -> 2);
        }
    }

    @Test
    void theRuleBites() {
        assertThat(Transactions.of(new ClassFileImporter().importClasses(Planted.class))
                        .nested())
                .singleElement()
                .asString()
                .contains("lambda$inALambda$")
                .endsWith("Planted.count");
    }
}
