package org.tallystick.cli.demo;

import java.nio.file.Path;
import java.util.List;
import org.tallystick.sdk.InvoiceSummary;
import org.tallystick.sdk.StatementSummary;

/**
 * What a close gave out.
 *
 * @param files the statements' files, in the order of the statements
 */
record Papers(List<StatementSummary> statements, List<InvoiceSummary> invoices, List<Path> files) {
    Papers {
        statements = List.copyOf(statements);
        invoices = List.copyOf(invoices);
        files = List.copyOf(files);
    }
}
