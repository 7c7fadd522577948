package org.tallystick.cli.demo;

import java.nio.file.Path;
import java.util.List;
import org.tallystick.sdk.InvoiceSummary;
import org.tallystick.sdk.StatementSummary;

/**
 * The documents of one close.
 *
 * @param statements one for each payee
 * @param invoices one for each contract
 * @param files the statements' files, in the order of the statements
 * @param invoiceFiles those of the invoices, in their order
 */
record CloseDocuments(
        List<StatementSummary> statements, List<InvoiceSummary> invoices, List<Path> files, List<Path> invoiceFiles) {
    CloseDocuments {
        statements = List.copyOf(statements);
        invoices = List.copyOf(invoices);
        files = List.copyOf(files);
        invoiceFiles = List.copyOf(invoiceFiles);
    }
}
