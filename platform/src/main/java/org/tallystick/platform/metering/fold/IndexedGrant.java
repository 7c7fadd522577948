package org.tallystick.platform.metering.fold;

/**
 * What a token leads to while folding.
 *
 * @param set the usage set its deliveries go to
 * @param ordinals of the dataset version granted
 * @param scope code of the scope granted
 * @param notBefore first millisecond of validity
 * @param expires first millisecond past validity
 * @param position of the grant in the log: what was delivered under it must stand behind it
 */
public record IndexedGrant(FoldedSet set, Ordinals ordinals, int scope, long notBefore, long expires, long position) {}
